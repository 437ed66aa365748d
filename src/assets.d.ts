/** Files that Bun imports as their content. */
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
/**
 * The modules of the metrics that are used: the main module of the package loads Node's HTTP client and cluster too.
 */
declare module '@prometheus-io/client/lib/registry.js' {
  export { Registry as default } from '@prometheus-io/client'
}
declare module '@prometheus-io/client/lib/counter.js' {
  export { Counter as default } from '@prometheus-io/client'
}
declare module '@prometheus-io/client/lib/gauge.js' {
  export { Gauge as default } from '@prometheus-io/client'
}
declare module '@prometheus-io/client/lib/histogram.js' {
  export { Histogram as default } from '@prometheus-io/client'
}
