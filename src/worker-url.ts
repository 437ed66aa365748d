/**
 * The address of the worker. It is made here because a compiled executable is one file, beside which its entry points
 * have their paths below src: only from the top of src is a relative path the same in both.
 */
export const workerUrl = new URL('./authoring/run/worker.ts', import.meta.url).href
