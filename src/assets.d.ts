/** Files that Bun imports as what they hold. */
declare module '*.sql' {
  const text: string
  export default text
}
declare module '*.yaml' {
  const value: unknown
  export default value
}
declare module '*.css' {
  const text: string
  export default text
}
declare module '*.svg' {
  const text: string
  export default text
}
declare module 'swagger-ui-dist/*.js' {
  const path: string
  export default path
}
declare module '*/wasm' {
  const path: string
  export default path
}
