import { bundle } from '../pages/bundle.ts' with { type: 'macro' }
import playgroundStyle from '../web/playground/playground.css' with { type: 'text' }
import sharedStyle from '../web/style.css' with { type: 'text' }

// The page's own files. Outside a compiled executable, importing this module runs the bundler.

export const style = sharedStyle + playgroundStyle
export const script = bundle('playground/main.ts')
