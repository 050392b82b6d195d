// `sukuma members …`: the people of a merchant, for whoever has the machine.
import { DEMO_USER_ID } from '../accounts/demo-user.ts'
import { parseEmail } from '../accounts/email-address.ts'
import { invite } from '../accounts/invitations.ts'
import { findMemberByEmail, listMembers, type Member } from '../accounts/member-store.ts'
import { makeSignInUrl } from '../accounts/sign-in-links.ts'
import { removeMember } from '../accounts/team.ts'
import { prefixedId } from '../ids.ts'
import { silentLogger } from '../log.ts'
import { createMailer } from '../mail/mailer.ts'
import type { Merchant } from '../merchants/merchant-store.ts'
import { ROLES } from '../merchants/roles.ts'
import { type Arguments, type Command, CommandError, type CommandIo } from './command.ts'
import { findNamedMerchant, MERCHANT_OPTION } from './find-merchant.ts'
import { findGatewayAddress } from './gateway-address.ts'
import { fieldErrors, printList, printOne, type Shown } from './output.ts'
import { record } from './record.ts'
import { openSession, type Session } from './session.ts'

const EMAIL_OPTION = { value: 'EMAIL', doc: 'The e-mail address of the person.', required: true } as const

function showMember(member: Member): Shown {
  return {
    id: prefixedId('usr', member.userId),
    object: 'member',
    email: member.email,
    name: member.name,
    role: member.role,
    two_factor: member.twoFactorEnabled,
    joined_at: member.joinedAt.toISOString(),
  }
}

const list: Command = {
  name: 'members list',
  summary: 'Lists the people of a merchant, the first to join first.',
  options: { merchant: MERCHANT_OPTION },
  async run(io, args) {
    await using session = await openSession(io)
    const merchant = await findNamedMerchant(session, args)
    const shown = (await listMembers(session, merchant.id)).map(showMember)
    printList(io, args, shown, ['id', 'email', 'name', 'role', 'two_factor', 'joined_at'])
    return 0
  },
}

const inviteMember: Command = {
  name: 'members invite',
  summary: 'Invites somebody to a merchant: mails the link where there is a mail server, and prints it.',
  options: {
    merchant: MERCHANT_OPTION,
    email: EMAIL_OPTION,
    role: { value: 'ROLE', doc: `One of ${ROLES.join(', ')}.`, required: true },
  },
  async run(io, args) {
    await using session = await openSession(io)
    const merchant = await findNamedMerchant(session, args)
    const { config } = session
    const address = await findGatewayAddress(config)
    const mailer = createMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom, log: silentLogger })
    const deps = { ...session, mailer, publicUrl: () => address }
    const wish = { merchant, email: args.required('email'), role: args.required('role'), invitedBy: null }
    const made = await invite(deps, wish)
    if (made.code === 'invalid') throw fieldErrors(made.errors)
    if (made.code === 'already_member') throw new CommandError('They are a member already.')
    if (made.code === 'limit') throw new CommandError('Too many invitations wait for an answer.')
    const { id, email, role, expiresAt } = made.invitation
    const target = { id: prefixedId('inv', id), name: email }
    await record(session, io, {
      merchantId: merchant.id,
      live: null,
      action: 'member.invited',
      target,
      detail: { role },
    })
    warnWithoutPages(io, session)
    if (config.smtpUrl !== null && !made.isMailed) io.stderr.write('warning: the mail could not be sent\n')
    const shown = { id: target.id, object: 'invitation', email, role, expires_at: expiresAt.toISOString() }
    printOne(io, args, { ...shown, mailed: made.isMailed, link: made.link })
    return 0
  },
}

const remove: Command = {
  name: 'members remove',
  summary: 'Removes somebody from a merchant; every process refuses them within 5 s.',
  options: { merchant: MERCHANT_OPTION, email: EMAIL_OPTION },
  async run(io, args) {
    await using session = await openSession(io)
    const merchant = await findNamedMerchant(session, args)
    const member = await findNamedMember(session, merchant, args)
    const removed = await removeMember(session, merchant.id, member.userId)
    if (removed.code === 'last_owner') {
      throw new CommandError('They are the last owner: invite another one first.')
    }
    const target = { id: prefixedId('usr', member.userId), name: member.email }
    await record(session, io, { merchantId: merchant.id, live: null, action: 'member.removed', target })
    printOne(io, args, showMember(member))
    return 0
  },
}

const link: Command = {
  name: 'members link',
  summary: 'Prints a link that signs a member in, once, within a day; for who has lost password or codes.',
  options: { merchant: MERCHANT_OPTION, email: EMAIL_OPTION },
  async run(io, args) {
    await using session = await openSession(io)
    const merchant = await findNamedMerchant(session, args)
    const member = await findNamedMember(session, merchant, args)
    const url = await makeSignInUrl(session, member.userId, await findGatewayAddress(session.config))
    const target = { id: prefixedId('usr', member.userId), name: member.email }
    // The demo user has one at every start.
    if (member.userId !== DEMO_USER_ID) {
      const what = { merchantId: merchant.id, live: null, action: 'session.link_made', target } as const
      await record(session, io, what)
    }
    warnWithoutPages(io, session)
    printOne(io, args, { email: member.email, link: url })
    return 0
  },
}

async function findNamedMember(session: Session, merchant: Merchant, args: Arguments): Promise<Member> {
  const email = parseEmail(args.required('email'))
  const member = email === null ? null : await findMemberByEmail(session, merchant.id, email)
  if (member !== null) return member
  throw new CommandError(`Nobody of this address works for "${merchant.name}" (see sukuma members list)`)
}

/** A link leads to a page, and the settings may say that there are none. */
function warnWithoutPages(io: CommandIo, { config }: Session): void {
  if (config.dashboard) return
  io.stderr.write('warning: SUKUMA_DASHBOARD is off: a gateway with this setting has no page for the link\n')
}

/** The commands of this group. */
export const memberCommands: readonly Command[] = [list, inviteMember, remove, link]
