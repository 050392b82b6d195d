// The payments made on a history count only when M-Pesa and the webhook receiver have seen just these: the
// database holds too many others to be counted again.
import type { DarajaTotals } from './daraja-double.ts'
import type { Bed } from './stage.ts'
import type { Told } from './webhook-sink.ts'

/** Throws unless `made` payments were prompted once and told of once. */
export async function checkMade({ daraja, load }: Pick<Bed, 'daraja' | 'load'>, made: number): Promise<void> {
  const { prompts, phones, callbacks } = readDarajaTotals(await daraja.call('totals'))
  const { payments, repeats, others, badSignatures } = readTold(await load.call('told'))
  const seen = { prompts, phones, callbacks, told: payments, repeats, others, badSignatures }
  const wanted = {
    ...{ prompts: made, phones: made, callbacks: made, told: made },
    ...{ repeats: 0, others: 0, badSignatures: 0 },
  }
  const [found, expected] = [JSON.stringify(seen), JSON.stringify(wanted)]
  if (found !== expected) throw new Error(`The figures do not count: ${found}, and not ${expected}`)
  if (made === 0) throw new Error('The figures do not count: no payment was made')
}

/** Both come from processes of this folder. */
function readDarajaTotals(value: unknown): DarajaTotals {
  return value as DarajaTotals
}

function readTold(value: unknown): Told {
  return value as Told
}
