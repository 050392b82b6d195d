// The shared access tokens in the database: sealed, numbered by generation, and renewed under a lease.
import type { Logger } from '../log.ts'
import type { TokenRecord, TokenStore } from './token.ts'

/** What this store needs of a pool or connection. */
export type TokenDatabase = {
  query<R extends { [column: string]: unknown }>(text: string, values: unknown[]): Promise<{ rows: R[] }>
}

/** Seals secrets; `context` is bound to what is sealed, so that it cannot be moved to another row. */
export type TokenSeal = {
  seal(plaintext: string, context: string): Buffer
  /** Throws when the text was sealed for another context, with another key, or was changed. */
  open(sealed: Buffer, context: string): Buffer
}

type TokenStoreDeps = { db: TokenDatabase; seal: TokenSeal; log: Logger }

type TokenRow = {
  token_sealed: Buffer | null
  expires_at: Date | null
  /** bigint, which the driver gives as text. */
  generation: string
  refused_at: Date | null
  refused_detail: string | null
  refusals: number
}

/** The token store on table `daraja_tokens`. Leases are timed by the database's clock alone. */
export function createTokenStore(deps: TokenStoreDeps): TokenStore {
  return {
    read: (credentialId) => read(deps, credentialId),
    lease: (credentialId, lease) => takeLease(deps, credentialId, lease),
    save: (credentialId, holder, token) => save(deps, credentialId, holder, token),
    release: (credentialId, holder, refusal) => release(deps, credentialId, holder, refusal),
  }
}

const NO_RECORD: TokenRecord = { generation: 0, token: null, refusal: null }

async function read(deps: TokenStoreDeps, credentialId: string): Promise<TokenRecord> {
  const { rows } = await deps.db.query<TokenRow>(
    `select token_sealed, expires_at, generation, refused_at, refused_detail, refusals
       from daraja_tokens
      where credential_id = $1`,
    [credentialId],
  )
  const row = rows[0]
  if (row === undefined) return NO_RECORD
  const refusal =
    row.refused_at === null
      ? null
      : { atMs: row.refused_at.getTime(), detail: row.refused_detail ?? '', count: Math.max(1, row.refusals) }
  return { generation: Number(row.generation), token: openToken(deps, credentialId, row), refusal }
}

/** A token that cannot be opened (the secret was changed) is no token: a new one is asked for. */
function openToken(deps: TokenStoreDeps, credentialId: string, row: TokenRow): TokenRecord['token'] {
  if (row.token_sealed === null || row.expires_at === null) return null
  try {
    const plaintext = deps.seal.open(row.token_sealed, sealContext(credentialId)).toString('utf8')
    const separator = plaintext.indexOf(' ')
    const lifeMs = Number(plaintext.slice(0, separator))
    const accessToken = plaintext.slice(separator + 1)
    return { accessToken, lifeMs, expiresAtMs: row.expires_at.getTime() }
  } catch (error) {
    deps.log.warn({ credential: credentialId, err: error }, 'stored access token could not be opened')
    return null
  }
}

async function takeLease(
  deps: TokenStoreDeps,
  credentialId: string,
  lease: { holder: string; leaseMs: number; generation: number },
): Promise<boolean> {
  const { rows } = await deps.db.query(
    `insert into daraja_tokens as held (credential_id, refreshing_by, refreshing_until)
     values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
     on conflict (credential_id) do update
        set refreshing_by = excluded.refreshing_by, refreshing_until = excluded.refreshing_until
      where held.generation = $4
        and (held.refreshing_until is null or held.refreshing_until < clock_timestamp())
     returning credential_id`,
    [credentialId, lease.holder, lease.leaseMs, lease.generation],
  )
  return rows.length > 0
}

async function save(
  deps: TokenStoreDeps,
  credentialId: string,
  holder: string,
  token: NonNullable<TokenRecord['token']>,
): Promise<number | null> {
  const sealed = deps.seal.seal(`${token.lifeMs} ${token.accessToken}`, sealContext(credentialId))
  const { rows } = await deps.db.query<{ generation: string }>(
    `update daraja_tokens
        set token_sealed = $3, expires_at = $4, generation = generation + 1,
            refreshing_by = null, refreshing_until = null, refused_at = null, refused_detail = null,
            refusals = 0
      where credential_id = $1 and refreshing_by = $2
      returning generation`,
    [credentialId, holder, sealed, new Date(token.expiresAtMs)],
  )
  return rows[0] === undefined ? null : Number(rows[0].generation)
}

async function release(
  deps: TokenStoreDeps,
  credentialId: string,
  holder: string,
  refusal: TokenRecord['refusal'],
): Promise<void> {
  await deps.db.query(
    `update daraja_tokens
        set refreshing_by = null, refreshing_until = null,
            refused_at = coalesce($3, refused_at), refused_detail = coalesce($4, refused_detail),
            refusals = coalesce($5, refusals)
      where credential_id = $1 and refreshing_by = $2`,
    [
      credentialId,
      holder,
      refusal === null ? null : new Date(refusal.atMs),
      refusal?.detail ?? null,
      refusal?.count ?? null,
    ],
  )
}

/** The access tokens, for a change of SUKUMA_SECRET. */
export const SEALED_TOKENS = {
  table: 'daraja_tokens',
  keys: [{ name: 'credential_id', type: 'text' }],
  column: 'token_sealed',
  contextOf: ([credentialId = '']: readonly string[]) => sealContext(credentialId),
} as const

function sealContext(credentialId: string): string {
  return `daraja-token:${credentialId}`
}
