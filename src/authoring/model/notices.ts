import type { ModelNotice } from '../../events.ts'
import type { ModelFault } from '../../failure.ts'

/** A model, and the variable that names it. */
export type NamedModel = { name: string; variable: 'OPENAI_MODEL' | 'OPENAI_REVIEW_MODEL' }

/** Faults of the configuration, with their notices. Other faults pass by themselves. */
const notices = {
  unauthorized: () => ["The model's server refuses the key", 'OPENAI_API_KEY'],
  unpaid: () => ["The account at the model's server has no credit", 'OPENAI_API_KEY'],
  not_found: ({ name, variable }: NamedModel) => [`The server does not know the model ${name}`, variable],
  wrong_path: () => [
    "The model's server has no Chat Completions API at its address, which often ends in /v1",
    'OPENAI_BASE_URL',
  ],
  redirected: () => ["The model's server redirects to another address", 'OPENAI_BASE_URL'],
  unreachable: () => ["The model's server cannot be reached", 'OPENAI_BASE_URL'],
  bad_request: ({ name, variable }: NamedModel) => [
    `The server refuses every request to the model ${name}`,
    variable,
  ],
} satisfies Partial<Record<ModelFault, (model: NamedModel) => string[]>>

export type ConfigurationFault = keyof typeof notices

export function isConfigurationFault(fault: string): fault is ConfigurationFault {
  return Object.hasOwn(notices, fault)
}

export function toFaultNotice(fault: ConfigurationFault, model: NamedModel): ModelNotice {
  const [problem = '', variable = ''] = notices[fault](model)
  return { text: `${problem}: check ${variable}.`, reason: fault, variable }
}

export function toShutdownNotice(date: string, { name, variable }: NamedModel): ModelNotice {
  const text = `The model ${name} will be shut down on ${date}: choose another ${variable} before.`
  return { text, reason: 'shutdown', variable }
}

export function toOptionNotice(option: string, { name }: NamedModel): ModelNotice {
  const variable = 'OPENAI_REASONING_EFFORT'
  const text = `The model ${name} refuses ${option}, which is no longer sent: check ${variable}.`
  return { text, reason: 'refused_option', variable }
}
