import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles and runs the `Main.java` of each folder in one virtual machine. Each program has a class loader of its own.
 * Writes the output of a program to the file `printed`, and the messages of the compiler or the exception that ended the
 * program to the file `messages`, which is empty if the program ended well.
 */
class RunPrograms {
    private static final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private static final StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);

    public static void main(String[] folders) throws Exception {
        for (String folder : folders) {
            var printed = new ByteArrayOutputStream();
            System.setOut(new PrintStream(printed, true));
            String messages = run(Path.of(folder));
            Files.write(Path.of(folder, "printed"), printed.toByteArray());
            Files.writeString(Path.of(folder, "messages"), messages);
        }
    }

    private static String run(Path folder) throws Exception {
        var messages = new StringWriter();
        var sources = files.getJavaFileObjects(folder.resolve("Main.java"));
        var options = List.of("-d", folder.toString());
        if (!compiler.getTask(messages, files, null, options, null, sources).call()) return messages.toString();
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Method main = loader.loadClass("Main").getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[0]);
            return "";
        } catch (InvocationTargetException exception) {
            exception.getCause().printStackTrace(new PrintWriter(messages, true));
            return messages.toString();
        }
    }
}
