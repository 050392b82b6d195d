// Which merchant a command is about: named by id or name, or the only one there is.
import { parsePrefixedId, parseUuid, type Uuid } from '../ids.ts'
import {
  findMerchant,
  findMerchantsByName,
  listMerchants,
  type Merchant,
} from '../merchants/merchant-store.ts'
import { type Arguments, CommandError, type Option } from './command.ts'
import type { Session } from './session.ts'

/** The option that names a merchant. */
export const MERCHANT_OPTION: Option = {
  value: 'ID|NAME',
  doc: 'Whose. Not needed while there is only one merchant.',
}

/** The merchant that `--merchant` names. Throws `CommandError` when that is none, or not just one. */
export async function findNamedMerchant(session: Pick<Session, 'db'>, args: Arguments): Promise<Merchant> {
  const named = args.text('merchant')
  if (named === null) {
    const [only, second] = await listMerchants(session, { limit: 2, before: null })
    if (only === undefined)
      throw new CommandError('There is no merchant yet: sukuma merchants create --name NAME')
    if (second === undefined) return only
    throw new CommandError(
      'There are several merchants: say whose with --merchant (see sukuma merchants list)',
    )
  }
  const id = readId('mer', named)
  const byId = id === null ? null : await findMerchant(session, id)
  if (byId !== null) return byId
  const [found, other] = await findMerchantsByName(session, named)
  if (found === undefined)
    throw new CommandError(`There is no merchant "${named}" (see sukuma merchants list)`)
  if (other === undefined) return found
  throw new CommandError(`Several merchants are named "${named}": give the id (see sukuma merchants list)`)
}

/** An id with its prefix, or as a bare UUID. */
export function readId(prefix: 'mer' | 'key' | 'sc', text: string): Uuid | null {
  return parsePrefixedId(prefix, text) ?? parseUuid(text)
}
