import { goodChallenge, startModel } from './model.ts'

/** A model that answers nobody until it is released. */
export function startHeldModel() {
  const model = startModel()
  const gate = Promise.withResolvers<void>()
  model.author = async () => {
    await gate.promise
    return goodChallenge()
  }
  return Object.assign(model, { release: gate.resolve })
}
