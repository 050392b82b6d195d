// The process of M-Pesa: a lean Daraja whose customers pay.
import { serveCalls } from './child-process.ts'
import { type DarajaDelays, startDarajaDouble } from './daraja-double.ts'

const daraja = await startDarajaDouble()

serveCalls({
  url: () => daraja.url,
  delays: (delays) => daraja.setDelays(readDelays(delays)),
  totals: () => daraja.totals(),
})

/** From the run, which is of this folder. */
function readDelays(value: unknown): DarajaDelays {
  return value as DarajaDelays
}
