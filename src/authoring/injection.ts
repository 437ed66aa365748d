import { toPlain } from './comparable.ts'

/** The tokens by which chat templates mark the roles of messages. */
const chatMarkup =
  /<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id)\|>|\[\/?INST\]|<<\/?SYS>>/i

const earlier = '(?:all|any|previous|prior|above|preceding|earlier|foregoing|former|past|initial|original)'
const orders = '(?:instruction|prompt|guideline|direction)s?'
const ignore = '(?:ignore|disregard|forget|override|bypass)'
const determiners = '(?:(?:all|any|each|every)(?: ?of)? ?)?(?:(?:the|your|my|these|those) ?)?'

/** Matches an order that is quoted, as in a question about prompt injection, and that no further order follows. */
const mention = new RegExp(
  `q ${ignore} ?${determiners}(?:${earlier} ?){1,3}${orders} q(?! (?:s )*(?:and|then|reply|answer|respond|write|output|say|always)\\b)`,
  'g',
)

/** In the words of `toWords`: `s` stands for the end of a sentence, `q` for a quotation mark. */
const injections = [
  `\\b${ignore} ?${determiners}(?:${earlier} ?(?:and |or )?){1,3}(?:system |developer )?${orders}\\b`,
  `\\b${ignore} ?(?:all )?(?:of )?(?:your|the system|the developer)s? ?(?:safety )?(?:${orders}|rules)\\b`,
  `\\b(?:ignore|disregard|forget) ?(?:(?:all|everything|anything|whatever)(?: of)? )?(?:the|that is|that was|all|everything|anything) ?above\\b(?! (?:and|or) below)`,
  '\\b(?:ignore|disregard|forget) ?(?:all|everything|anything|what) (?:that )?(?:you(?:ve been| were| have been| know| learned)|i said|came before this|has been said|said so far)\\b',
  '\\byou are now (?:a|an|my|dan|free|acting|no longer|in (?:developer|dan|god|jailbreak|debug|unrestricted) mode)\\b',
  '\\bfrom now on (?:s )?(?:you|reply|respond|answer|always|ignore|act)\\b',
  '\\byour (?:new|real|actual|true|updated) (?:instructions?|task|prompt|role|goal|purpose) (?:is|are)\\b',
  '\\bnew (?:system )?(?:instructions|prompt) (?:s|follow|below)\\b',
  '\\b(?:reveal|print|show|repeat|output|leak|display|tell|give|write|quote|recite|what is) (?:me |us )?(?:out )?(?:your|the|all of your) (?:full |entire )?(?:system|initial|hidden|secret) (?:prompt|instructions)\\b',
  '\\b(?:ignore|disregard|forget|override) (?:your|the|this|any) (?:system|developer) (?:prompt|message)\\b',
  '(?:^|\\bs |\\bq |\\bplease |\\band |\\bthen |\\bnow |\\byou (?:must|should|will|shall) )(?:s )*(?:reply|respond|answer) (?:only|just|exclusively|always) (?:with|by|in)\\b',
  '(?:^|\\bs |\\bq |\\byou (?:must|should) )(?:do not|dont|never|stop) (?:follow|obey)(?:ing)? (?:the |your |any |these )?(?:(?:previous|above|system|original) )?(?:instructions|prompt|guidelines)\\b',
].map((source) => new RegExp(source))

/** No field that the lint accepts is longer. */
const maxLength = 10_000

/**
 * Whether a text orders a model to do something, in contrast to one about such orders. Titles of former questions are
 * part of later prompts, so an order in one of them would be read by the model.
 */
export function isInjection(text: string): boolean {
  const bounded = text.slice(0, maxLength)
  if (chatMarkup.test(bounded)) return true
  const words = toWords(bounded).replace(mention, '')
  const withoutMarks = words.replace(/\b[sq] /g, '')
  return injections.some((injection) => injection.test(words) || injection.test(withoutMarks))
}

/** The words in lower case with one space between them. Words that are written with spaces between letters are joined. */
function toWords(text: string): string {
  return toPlain(text)
    .toLowerCase()
    .replace(/(?<=\p{L})['’](?=\p{L})/gu, '')
    .replace(/["“”'‘’`«»]+/g, ' q ')
    .replace(/[.!?:;,\n]+/g, ' s ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/(?<= |^)(?:\p{L} ){4,}\p{L}(?= |$)/gu, (letters) => letters.replaceAll(' ', ''))
    .trim()
}
