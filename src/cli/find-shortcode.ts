// Which shortcode a command is about: named by its id or by its number.
import type { Uuid } from '../ids.ts'
import type { Shortcode } from '../merchants/shortcode.ts'
import { chooseShortcode, findShortcode } from '../merchants/shortcode-store.ts'
import { CommandError } from './command.ts'
import { readId } from './find-merchant.ts'
import type { Session } from './session.ts'

/** The shortcode `named`, by number the oldest enabled one of the given sides. Throws `CommandError`. */
export async function findNamedShortcode(
  session: Pick<Session, 'db'>,
  merchantId: Uuid,
  named: string,
  sides: readonly boolean[],
): Promise<Shortcode> {
  const id = readId('sc', named)
  if (id !== null) {
    const found = await findShortcode(session, merchantId, id)
    if (found !== null) return found
  } else {
    const live = sides.includes(true) ? (['production'] as const) : []
    const test = sides.includes(false) ? (['sandbox', 'simulator'] as const) : []
    const wanted = { merchantId, environments: [...live, ...test], shortcodeId: null, number: named }
    const found = await chooseShortcode(session, wanted)
    if (found !== null) return found
  }
  throw new CommandError(`There is no shortcode "${named}" (see sukuma shortcodes list)`)
}
