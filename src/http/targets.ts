export type Route = { path: string; method: string }

/** A request's path as Bun has normalised it, without its query. */
export function readPath(request: Request): string {
  const { url } = request
  // Without a Host header `request.url` is a bare path.
  const start = url.startsWith('/') ? 0 : url.indexOf('/', url.indexOf('://') + 3)
  const end = url.indexOf('?', start)
  return end === -1 ? url.slice(start) : url.slice(start, end)
}

/** The path of the route that a request asks for. A slash at its end is dropped: routes answer with and without it. */
const readRoutePath = (request: Request) => readPath(request).replace(/(?<=[^/])\/$/, '')

/** Whether `path` is a path of the route `pattern`, such as `/api/challenges/:id`. */
function matchesRoute(pattern: string, path: string): boolean {
  if (!pattern.includes(':')) return pattern === path
  const parts = path.split('/')
  const names = pattern.split('/')
  return (
    parts.length === names.length &&
    names.every((name, index) => (name.startsWith(':') ? parts[index] !== '' : name === parts[index]))
  )
}

/** The methods that the request's path allows; empty when the path does not exist. */
export function findMethods(routes: Route[], request: Request): string[] {
  const wanted = readRoutePath(request)
  const methods = routes
    .filter((route) => matchesRoute(route.path, wanted) && route.method !== 'OPTIONS')
    .map(({ method }) => method)
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}

type Parts = {
  routes: Route[]
  fetch: (request: Request) => Response | Promise<Response>
  /** Collects requests whose raw target differs from the route's path, such as `/x/../metrics`. */
  misspelled: WeakSet<Request>
}

/**
 * Entries for the `routes` of `Bun.serve`, which catch every request that no other route has caught. Bun compares its
 * routes with the target as it was sent, and shows that target nowhere else: in `request.url`, backslashes have become
 * slashes and dot segments are resolved. A caught request whose resolved path is a route's path, such as `/.\metrics`,
 * `/x/../metrics` or `/%2e/metrics`, would evade a proxy's rule for that path. Only an extra slash at the end is allowed.
 */
export function catchMisspelled({ routes, fetch, misspelled }: Parts) {
  const createHandler =
    (slashed = '') =>
    (request: Request) => {
      const isRoute = findMethods(routes, request).includes(request.method)
      if (isRoute && !matchesRoute(slashed, readRoutePath(request))) misspelled.add(request)
      return fetch(request)
    }
  const paths = new Set(routes.map(({ path }) => path).filter((path) => path !== '/'))
  const below = [...paths].flatMap((path) => [
    [`${path}/*`, createHandler(path)],
    [`${path}/:more`, createHandler()],
    [`${path}/:more/*`, createHandler()],
  ])
  return Object.fromEntries([...below, ['/*', createHandler()]])
}
