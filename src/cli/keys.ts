// `sukuma keys …`
import { timeOf } from '../http/field-values.ts'
import { keyTarget, shownKey } from '../http/v1/audited.ts'
import { prefixedId, type Uuid } from '../ids.ts'
import type { ApiKey } from '../merchants/api-key.ts'
import { findApiKeyByHash, listApiKeys } from '../merchants/api-key-store.ts'
import { readApiKeyText } from '../merchants/api-key-text.ts'
import { createApiKey, revokeApiKey } from '../merchants/api-keys.ts'
import { NAMED_SCOPES, SCOPES } from '../merchants/scopes.ts'
import { type Arguments, type Command, CommandError, type CommandIo, UsageError } from './command.ts'
import { findNamedMerchant, MERCHANT_OPTION, readId } from './find-merchant.ts'
import { findNamedShortcode } from './find-shortcode.ts'
import { cutList, LIMIT_OPTION, newestFirst, readLimit } from './list-limit.ts'
import { fieldErrors, printList, printOne, type Shown, shownTime } from './output.ts'
import { record } from './record.ts'
import { openSession, type Session } from './session.ts'

function showKey(key: ApiKey): Shown {
  return {
    id: prefixedId('key', key.id),
    object: 'api_key',
    name: key.name,
    hint: `…${key.hint}`,
    live: key.live,
    shortcode: key.shortcodeId === null ? null : prefixedId('sc', key.shortcodeId),
    scopes: key.scopes,
    created_at: key.createdAt.toISOString(),
    expires_at: shownTime(key.expiresAt),
    revoked_at: shownTime(key.revokedAt),
    replaced_by: key.replacedBy === null ? null : prefixedId('key', key.replacedBy),
    last_used_at: shownTime(key.lastUsedAt),
  }
}

function readTime(args: Arguments, name: string): Date | null {
  const text = args.text(name)
  if (text === null) return null
  const reading = timeOf(text)
  if (!reading.ok) throw new UsageError(`--${name} ${reading.problem}`)
  return reading.value
}

const create: Command = {
  name: 'keys create',
  summary: 'Makes an API key and prints it. It is shown this once and kept nowhere.',
  options: {
    merchant: MERCHANT_OPTION,
    name: { value: 'NAME', doc: 'What the key is for.', required: true },
    live: { doc: 'For production shortcodes; without it, for simulator and sandbox.' },
    shortcode: { value: 'ID|NUMBER', doc: 'The only shortcode that the key may use.' },
    scopes: {
      value: 'LIST',
      doc: `Between commas, any of ${SCOPES.join(', ')}; all but ${NAMED_SCOPES.join(', ')} by default.`,
    },
    'expires-at': { value: 'TIME', doc: 'When the key ends, such as 2030-01-31T00:00:00Z.' },
  },
  async run(io, args) {
    const expiresAt = readTime(args, 'expires-at')
    const scopes = args
      .text('scopes')
      ?.split(',')
      .map((scope) => scope.trim())
    await using session = await openSession(io)
    const { id: merchantId } = await findNamedMerchant(session, args)
    const live = args.flag('live')
    const named = args.text('shortcode')
    const choice = { live, disabled: false }
    const shortcode = named === null ? null : await findNamedShortcode(session, merchantId, named, choice)
    const made = await createApiKey(session, {
      merchantId,
      live,
      name: args.required('name'),
      shortcodeId: shortcode?.id ?? null,
      expiresAt,
      ...(scopes === undefined ? {} : { scopes }),
    })
    if (made.code === 'invalid') throw fieldErrors(made.errors)
    if (made.code === 'unknown_merchant') throw new CommandError('The merchant is gone.')
    await recordKey(session, io, 'api_key.created', made.key)
    printOne(io, args, { ...showKey(made.key), key: made.text })
    if (!args.flag('json')) io.stderr.write('Keep the key now: it cannot be shown again.\n')
    return 0
  },
}

const list: Command = {
  name: 'keys list',
  summary: "Lists a merchant's API keys, newest first, without their text.",
  options: { merchant: MERCHANT_OPTION, limit: LIMIT_OPTION },
  async run(io, args) {
    const limit = readLimit(args)
    await using session = await openSession(io)
    const { id: merchantId } = await findNamedMerchant(session, args)
    const page = { limit: limit + 1, before: null }
    const live = await listApiKeys(session, { merchantId, live: true }, page)
    const test = await listApiKeys(session, { merchantId, live: false }, page)
    const shown = cutList(io, newestFirst([...live, ...test]), limit).map(showKey)
    printList(io, args, shown, ['id', 'name', 'live', 'hint', 'last_used_at', 'expires_at', 'revoked_at'])
    return 0
  },
}

const revoke: Command = {
  name: 'keys revoke',
  summary: 'Ends an API key, named by its id or by its text. Every process refuses it within 5 seconds.',
  positionals: ['id'],
  options: { merchant: MERCHANT_OPTION },
  async run(io, args) {
    const [named = ''] = args.positionals
    await using session = await openSession(io)
    const { merchantId, id } = await findKey(session, args, named)
    for (const live of [false, true]) {
      const revoked = await revokeApiKey(session, { merchantId, live }, id)
      if (revoked === null) continue
      await recordKey(session, io, 'api_key.revoked', revoked)
      printOne(io, args, showKey(revoked))
      return 0
    }
    throw new CommandError(`There is no key "${prefixedId('key', id)}" (see sukuma keys list)`)
  },
}

function recordKey(
  session: Session,
  io: CommandIo,
  action: 'api_key.created' | 'api_key.revoked',
  key: ApiKey,
): Promise<void> {
  const { merchantId, live } = key
  return record(session, io, { merchantId, live, action, target: keyTarget(key), detail: shownKey(key) })
}

async function findKey(
  session: Session,
  args: Arguments,
  named: string,
): Promise<{ merchantId: Uuid; id: Uuid }> {
  const read = readApiKeyText(named)
  if (read !== null) {
    const found = await findApiKeyByHash(session, read.hash)
    if (found === null) throw new CommandError('There is no such key.')
    return found.key
  }
  const id = readId('key', named)
  if (id === null) throw new UsageError(`"${named}" is no key's id (see sukuma keys list)`)
  return { merchantId: (await findNamedMerchant(session, args)).id, id }
}

/** The commands of this group. */
export const keyCommands: readonly Command[] = [create, list, revoke]
