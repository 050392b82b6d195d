// Who may sign up, and which merchant is theirs then.
import type { Uuid } from '../ids.ts'
import type { Mailer } from '../mail/mailer.ts'
import { DEMO_MERCHANT_ID } from '../merchants/demo.ts'
import { renameMerchant } from '../merchants/merchant-store.ts'
import { createMerchant, type FieldErrors, type SettingsDeps } from '../merchants/merchants.ts'
import { NAME_HINT, parseName } from '../merchants/name.ts'
import { DEMO_USER_ID } from './demo-user.ts'
import { type AcceptResult, accept, findInvitation } from './invitations.ts'
import { insertMember } from './member-store.ts'
import { claimFirst, deleteUser, findUnownedMerchant, isUnclaimed } from './user-store.ts'

/** Who may sign up once somebody has: anybody, or who was invited. */
export type SignUpMode = 'open' | 'invitation'

/** What sign-up works with. */
export type SignUpDeps = SettingsDeps & {
  mailer: Mailer
  signUp: SignUpMode
  /** Gives a new merchant what it needs for a first payment without credentials, where there is such. */
  prepareMerchant(merchantId: Uuid): Promise<void>
}

/** `first`: nobody has signed up yet, and who does owns the first merchant. */
export async function readSignUpState(deps: SignUpDeps): Promise<'first' | SignUpMode> {
  return (await isUnclaimed(deps, DEMO_USER_ID)) ? 'first' : deps.signUp
}

/** What somebody who signs up says besides who they are. */
export type Newcomer = { merchantName: string | null; invitation: string | null }

/** Whether somebody of this address may sign up. Asked first, so that what is refused leaves nothing. */
export async function maySignUp(
  deps: SignUpDeps,
  email: string,
  { invitation }: Newcomer,
): Promise<'yes' | 'sign_up_closed' | 'invitation_invalid'> {
  if (invitation !== null) {
    const found = await findInvitation(deps, invitation)
    return found?.email === email.toLowerCase() ? 'yes' : 'invitation_invalid'
  }
  return (await readSignUpState(deps)) === 'invitation' ? 'sign_up_closed' : 'yes'
}

/** What somebody is a member of now; `isNew` when it was made for them, `formerName` when they renamed it. */
export type Settled =
  | { code: 'joined'; accepted: Extract<AcceptResult, { code: 'accepted' }> }
  | { code: 'owner'; merchant: { id: Uuid; name: string }; isNew: boolean; formerName: string | null }
  | { code: 'refused' }

/**
 * Gives somebody who was just made their merchant. Of two who were both about to be the first, one is; the
 * other is refused where sign-up is by invitation, and is gone again.
 */
export async function settleNewcomer(
  deps: SignUpDeps,
  user: { id: Uuid; email: string; name: string },
  wish: Newcomer,
): Promise<Settled> {
  if (wish.invitation !== null) {
    const accepted = await accept(deps, wish.invitation, { userId: user.id, email: user.email })
    if (accepted.code === 'accepted') return { code: 'joined', accepted }
    await deleteUser(deps, user.id)
    return { code: 'refused' }
  }
  const first = await settleFirst(deps, user, wish.merchantName)
  if (first !== null) return first
  if (deps.signUp === 'open') return makeOwned(deps, user, wish.merchantName)
  await deleteUser(deps, user.id)
  return { code: 'refused' }
}

/** Makes somebody the owner of the first merchant, when nobody has been before; null when somebody has. */
export async function settleFirst(
  deps: SignUpDeps,
  user: { id: Uuid; name: string },
  merchantName: string | null,
): Promise<Extract<Settled, { code: 'owner' }> | null> {
  const at = new Date(deps.clock.now())
  if (user.id === DEMO_USER_ID || !(await claimFirst(deps, user.id, DEMO_USER_ID, at))) return null
  const unowned = await findUnownedMerchant(deps, DEMO_USER_ID)
  if (unowned === null) return makeOwned(deps, user, merchantName)
  const { id, name: formerName } = unowned
  await insertMember(deps, { merchantId: id, userId: user.id, role: 'owner', at })
  // Whoever made a merchant on the command line has named it; the demo merchant is theirs to name.
  if (id !== DEMO_MERCHANT_ID || merchantName === null || merchantName === formerName) {
    return { code: 'owner', merchant: unowned, isNew: false, formerName: null }
  }
  await renameMerchant(deps, id, merchantName)
  return { code: 'owner', merchant: { id, name: merchantName }, isNew: false, formerName }
}

/** What became of a wish for one more merchant. */
export type OwnMerchantResult =
  | { code: 'created'; merchant: { id: Uuid; name: string } }
  | { code: 'invalid'; errors: FieldErrors }

/** Makes a merchant that somebody owns. */
export async function createOwnMerchant(
  deps: SignUpDeps,
  user: { id: Uuid; name: string },
  name: string,
): Promise<OwnMerchantResult> {
  if (parseName(name) === null) return { code: 'invalid', errors: { name: [NAME_HINT] } }
  const { merchant } = await makeOwned(deps, user, name)
  return { code: 'created', merchant }
}

async function makeOwned(
  deps: SignUpDeps,
  user: { id: Uuid; name: string },
  merchantName: string | null,
): Promise<Extract<Settled, { code: 'owner' }>> {
  const made = await createMerchant(deps, { name: merchantName ?? user.name })
  if (made.code === 'invalid') throw new Error('a name that was checked is none')
  const { id, name } = made.merchant
  const at = new Date(deps.clock.now())
  await insertMember(deps, { merchantId: id, userId: user.id, role: 'owner', at })
  await deps.prepareMerchant(id)
  return { code: 'owner', merchant: { id, name }, isNew: true, formerName: null }
}
