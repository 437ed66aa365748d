/**
 * The built-in names that exist in Node, browsers or Bun and not in QuickJS, by their owner. A test compares the list
 * with Bun.
 */
export const missing: Record<string, string> = {
  Array: 'fromAsync',
  Symbol: 'dispose asyncDispose',
  'BigInt.prototype': 'toLocaleString',
  RegExp:
    "input $_ multiline $* lastMatch $& lastParen $+ leftContext $` rightContext $' $1 $2 $3 $4 $5 $6 $7 $8 $9",
  Error: 'stackTraceLimit captureStackTrace appendStackTrace prepareStackTrace',
  Iterator: 'zip zipKeyed',
  'Iterator.prototype': 'chunks windows includes join',
  DataView: 'BYTES_PER_ELEMENT',
  Uint8Array: 'fromBase64 fromHex',
  'Uint8Array.prototype': 'setFromBase64 setFromHex toBase64 toHex',
  JSON: 'isRawJSON rawJSON',
  globalThis: `AbortController AbortSignal AsyncDisposableStack Atomics Blob BroadcastChannel BuildError BuildMessage Bun
ByteLengthQueuingStrategy CloseEvent CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException
DecompressionStream DisposableStack ErrorEvent Event EventTarget File FormData HTMLRewriter Headers Intl MessageChannel
MessageEvent MessagePort Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver
PerformanceObserverEntryList PerformanceResourceTiming PerformanceServerTiming PerformanceTiming
ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest
ReadableStreamDefaultController ReadableStreamDefaultReader Request ResolveError ResolveMessage Response ShadowRealm
SubtleCrypto SuppressedError Temporal TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream
TransformStreamDefaultController URL URLPattern URLSearchParams WebAssembly WebSocket Worker WritableStream
WritableStreamDefaultController WritableStreamDefaultWriter addEventListener atob btoa clearImmediate crypto
dispatchEvent fetch navigator onerror onmessage performance postMessage process removeEventListener reportError self
setImmediate structuredClone Audio DOMParser Element EventSource FileReader HTMLElement Image IntersectionObserver
MutationObserver Node NodeList Notification Option Range React ResizeObserver Selection SharedWorker Vue
XMLHttpRequest alert angular cancelAnimationFrame cancelIdleCallback confirm customElements document event exports
frames getComputedStyle global history indexedDB jQuery localStorage location matchMedia module name opener origin
parent print prompt queueMicrotask requestAnimationFrame requestIdleCallback require screen sessionStorage status top
window Buffer __dirname __filename $ $$ _ WeakRef FinalizationRegistry SharedArrayBuffer gc`,
}
