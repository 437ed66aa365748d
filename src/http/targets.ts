export type Route = { path: string; method: string }

/** A request's path as Bun has normalised it, without its query. */
export function pathOf(request: Request): string {
  const { url } = request
  // Without a Host header there is nothing before the path.
  const start = url.startsWith('/') ? 0 : url.indexOf('/', url.indexOf('://') + 3)
  const end = url.indexOf('?', start)
  return end === -1 ? url.slice(start) : url.slice(start, end)
}

/** The path of the route that a request asks for: a route answers with and without a slash at its end. */
const routePathOf = (request: Request) => pathOf(request).replace(/(?<=[^/])\/$/, '')

/** The methods of a request's path, for `Allow`. */
export function methodsOf(routes: Route[], request: Request): string[] {
  const wanted = routePathOf(request)
  const methods = routes
    .filter((route) => route.path === wanted && route.method !== 'OPTIONS')
    .map(({ method }) => method)
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}

type Parts = {
  routes: Route[]
  fetch: (request: Request) => Response | Promise<Response>
  /** Gets the requests whose target is not written as the path of their route. */
  misspelled: WeakSet<Request>
}

/**
 * Entries for the `routes` of `Bun.serve`, which catch every request that no route has caught. Bun compares its routes
 * with the target as it was sent, and shows it nowhere else: in `request.url`, backslashes have become slashes and dot
 * segments are resolved. So a request that comes here for the path of a route has passed by a proxy's rule for that
 * path, such as `/.\metrics`, `/x/../metrics` or `/%2e/metrics`; unless there is only a slash too much at its end.
 */
export function catchMisspelled({ routes, fetch, misspelled }: Parts) {
  const catching = (slashed?: string) => (request: Request) => {
    const known = methodsOf(routes, request).includes(request.method)
    if (known && routePathOf(request) !== slashed) misspelled.add(request)
    return fetch(request)
  }
  const paths = new Set(routes.map(({ path }) => path).filter((path) => path !== '/'))
  const below = [...paths].flatMap((path) => [
    [`${path}/*`, catching(path)],
    [`${path}/:more`, catching()],
    [`${path}/:more/*`, catching()],
  ])
  return Object.fromEntries([...below, ['/*', catching()]])
}
