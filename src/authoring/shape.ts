const sources = {
  /** The characters between escapes are matched at once: the search for the end of an unclosed string takes half as long. */
  string: /"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'|`[^`\\]*(?:\\.[^`\\]*)*`/.source,
  /** After a parenthesis, `//` is a comment if words follow, and a division in Python otherwise. */
  comment:
    /\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|\/\/(?<=(?:^|[;{},])[ \t]*\/\/).*|\/\/(?<=\)[ \t]*\/\/) *(?:\p{Lu}\p{Ll}|\p{L}+ \p{L}).*|(?:#|--)(?<=(?:^|\s)(?:#|--))(?=\s).*/mu
      .source,
  number: /\d[\w.]*/.source,
  name: /[\p{L}_$][\p{L}\p{N}_$]*/u.source,
}

/** Matches each string, comment, number, name and other visible character. */
const tokens = new RegExp(
  `(?<string>${sources.string})|(?<comment>${sources.comment})|(?<number>${sources.number})|(?<name>${sources.name})|[^\\s]`,
  'gmu',
)

const unimportant = new RegExp(
  `${sources.string}|${sources.comment}|${sources.number}|[\\p{L}\\p{N}_$\\s]+`,
  'gmu',
)

/** The punctuation of the code, which pieces of code of one shape share. It takes a tenth of the time of the shape. */
export function toPunctuation(code: string): string {
  return code.replace(unimportant, '').replace(/;+$/, '')
}

/** Names that the code declares, in the languages of the topics: by a keyword, an assignment, a type or as a parameter. */
const declarations = [
  /(?<![\w$])(?:const|let|var|val|function ?\*?|def|class|fn|func|fun|struct|enum|interface|type|trait|object|record|mut|as|catch|lambda)\s+[*&(]*([\p{L}_$][\p{L}\p{N}_$]*)/gu,
  /([\p{L}_$][\p{L}\p{N}_$]*)(?:: ?[\w<>[\], ]{1,40}?)? *(?:[-+*/%|&^]|<<|>>|\?\?|:)?=(?![=~>])/gu,
  /([\p{L}_$][\p{L}\p{N}_$]*) *(?:=>|->)/gu,
  /(?<![\w$])(?:int|long|double|float|char|bool|boolean|auto|void|short|byte|unsigned|size_t|string|[A-Z]\w{0,40}(?:<[^<>\n]{0,40}>)?)(?:\[\])? +[*&]*([\p{L}_$][\p{L}\p{N}_$]*)/gu,
  /(?<![\w$])for(?: \(|\(| )(?!const|let|var)([\p{L}_$][\p{L}\p{N}_$]*)/gu,
  /\$([\p{L}_][\p{L}\p{N}_]*)/gu,
  /[{,]\s{0,20}([\p{L}_$][\p{L}\p{N}_$]*) ?:(?=[ '"\d[{(])/gu,
]

/** Matches lists of parameters, in parentheses or between bars. */
const parameterLists =
  /(?:(?:function|def|fn|func|fun|constructor)\b[^(\n]{0,80}\(|^[ \t]*(?:async |static |public |private |get |set )*[\p{L}_$][\p{L}\p{N}_$]*\()([^()\n]{0,200})\)(?=[^\n]*[{:])|\(([^()\n]{0,200})\) *(?:=>|->)|\|([^|\n]{1,80})\|/gmu

const sql = /^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|BEGIN|EXPLAIN)\b/i
/** In SQL every other name that is not called is the name of a table or a column. */
const sqlWords = new Set(
  `select from where and or not in is null as on using join left right inner outer full cross natural group by having order
  asc desc limit offset distinct union all intersect except exists any some between like case when then else end insert into
  values update set delete create table view index primary key foreign references unique check default with recursive over
  partition rows range begin commit rollback returning integer text varchar nulls first last lateral explain for share
  true false unknown filter within preceding following current row unbounded`.split(/\s+/),
)

/**
 * The code without comments and white space, with a placeholder for each number and string, and with numbers for the names
 * that the code declares. Two pieces of code have the same shape if one becomes the other when names and literals change.
 * Names that the code does not declare stay, since `sorted(x)` and `reversed(x)` are two questions.
 */
export function toShape(code: string): string {
  const isSql = sql.test(code)
  const declared = isSql ? new Set<string>() : findDeclared(code)
  const numbers = new Map<string, number>()
  const shape: string[] = []
  for (const { 0: token, index, groups = {} } of code.matchAll(tokens)) {
    const { string, comment, number, name } = groups
    if (comment !== undefined) continue
    if (string !== undefined) shape.push('S')
    else if (number !== undefined) shape.push(/^\d+\.\d/.test(number) ? 'F' : 'N')
    else if (name === undefined) shape.push(token)
    else if (isSql ? isSqlName(code, index, name) : declared.has(name)) {
      const at = numbers.get(name) ?? numbers.size
      numbers.set(name, at)
      shape.push(`n${at}`)
    } else shape.push(isSql ? name.toLowerCase() : name)
  }
  return shape.join(' ').replace(/(?: ?;)+$/, '')
}

function isSqlName(code: string, index: number, name: string): boolean {
  return !sqlWords.has(name.toLowerCase()) && code.charAt(index + name.length) !== '('
}

/** Words that stand where names do. */
const keywords = new Set(
  'return new else in of if while await yield throw typeof const let var int this self case default super static'.split(
    ' ',
  ),
)

function findDeclared(code: string): Set<string> {
  const names = declarations.flatMap((pattern) => [...code.matchAll(pattern)].map(([, name = '']) => name))
  const parameters = [...code.matchAll(parameterLists)].flatMap(
    ([, inCall, inArrow, inBars]) =>
      (inCall ?? inArrow ?? inBars ?? '').match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [],
  )
  return new Set([...names, ...parameters].filter((name) => !keywords.has(name)))
}
