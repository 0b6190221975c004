// What a handler decided, kept where its own code cannot undo it: a refusal stands even if the handler
// catches what `util.unauthorized()` throws.
let refusal = null
let now = 0

export const verdict = {
  begin(epochMillis) {
    refusal = null
    now = epochMillis
  },
  refuse(kind, message, errorType) {
    refusal ??= { kind, message, errorType }
    throw new Error(message)
  },
  refusal: () => refusal,
  now: () => now,
}
