import { bundle } from '../pages/bundle.ts' with { type: 'macro' }
import style from '../web/openapi/openapi.css' with { type: 'text' }

/** The page's own files. Outside a compiled executable, importing this module runs the bundler. */
export { style }
export const script = bundle('openapi/main.ts')
