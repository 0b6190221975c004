// Calls a handler with text and returns text, so that no object ever crosses between it and the emulator.
import { verdict } from 'appsync-emulator/verdict'

export const exported = (module, name) => name in module

export function invoke(module, name, context, epochMillis) {
  verdict.begin(epochMillis)
  const answer = { refusal: null, failed: false, events: null }
  try {
    const handler = module[name]
    const result = handler(JSON.parse(context))
    if (result instanceof Promise) {
      // It has not decided yet, and nobody waits for it.
      throw new TypeError('a handler is not asynchronous')
    }
    if (name === 'onPublish') {
      answer.events = (result ?? []).filter((event) => event !== null && event !== undefined).map(outgoing)
    }
  } catch (error) {
    answer.failed = true
  }
  answer.refusal = verdict.refusal()
  return JSON.stringify(answer)
}

const outgoing = (event) => ({
  id: String(event.id),
  payload: event.payload === undefined ? null : JSON.stringify(event.payload),
  error: event.error === undefined || event.error === null ? null : String(event.error),
})
