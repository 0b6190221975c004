// The part of '@aws-appsync/utils' that a channel handler may use here. The clock is the emulator's.
import { verdict } from 'appsync-emulator/verdict'

const text = (value) => (value === undefined || value === null ? undefined : String(value))

export const util = Object.freeze({
  unauthorized() {
    verdict.refuse('UNAUTHORIZED', 'Unauthorized')
  },
  error(message, errorType) {
    verdict.refuse('ERROR', text(message) ?? 'Error', text(errorType))
  },
  time: Object.freeze({
    nowISO8601: () => new Date(verdict.now()).toISOString(),
    nowEpochSeconds: () => Math.floor(verdict.now() / 1000),
    nowEpochMilliSeconds: () => verdict.now(),
  }),
})
