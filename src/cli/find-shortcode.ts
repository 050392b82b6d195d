// Which shortcode a command is about: named by its id or by its number.
import { prefixedId, type Uuid } from '../ids.ts'
import { isLive, SHORTCODE_ENVIRONMENTS, type Shortcode } from '../merchants/shortcode.ts'
import { findShortcode, findShortcodesByNumber } from '../merchants/shortcode-store.ts'
import { CommandError } from './command.ts'
import { readId } from './find-merchant.ts'
import type { Session } from './session.ts'

/** Which shortcodes a number may mean: those of one side or of both, and whether disabled ones as well. */
type Choice = { live?: boolean; disabled: boolean }

/** As many as are named, at most, where a number means several. */
const NAMED_MAX = 10

/**
 * The shortcode `named`: by its id, or by a number that means no other; a disabled one is meant only where no
 * enabled one is. Throws `CommandError`.
 */
export async function findNamedShortcode(
  session: Pick<Session, 'db'>,
  merchantId: Uuid,
  named: string,
  choice: Choice,
): Promise<Shortcode> {
  const id = readId('sc', named)
  const byId = id === null ? null : await findShortcode(session, merchantId, id)
  if (byId !== null) return byId
  const [only, ...others] = id === null ? await findMeant(session, merchantId, named, choice) : []
  if (only === undefined) {
    const kind = id === null && !choice.disabled ? 'enabled ' : ''
    throw new CommandError(`There is no ${kind}shortcode "${named}" (see sukuma shortcodes list)`)
  }
  if (others.length === 0) return only
  const several = [only, ...others].map(distinguish).join(' or ')
  throw new CommandError(`Several shortcodes are ${named}: give the id, ${several}`)
}

async function findMeant(
  session: Pick<Session, 'db'>,
  merchantId: Uuid,
  number: string,
  { live, disabled }: Choice,
): Promise<Shortcode[]> {
  const environments = SHORTCODE_ENVIRONMENTS.filter(
    (environment) => live === undefined || isLive({ environment }) === live,
  )
  const wanted = { merchantId, environments, number, limit: NAMED_MAX }
  const found = await findShortcodesByNumber(session, wanted)
  const enabled = found.filter(({ disabledAt }) => disabledAt === null)
  return enabled.length > 0 || !disabled ? enabled : found
}

/** Of several tills, the store number may be the same. */
function distinguish({ id, environment, tillNumber }: Shortcode): string {
  return `${prefixedId('sc', id)} (${environment}${tillNumber === null ? '' : `, till ${tillNumber}`})`
}
