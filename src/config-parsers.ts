// Readers of one setting's text each. A problem is a phrase that follows the setting's name, remedy included.
import { availableParallelism } from 'node:os'
import ipaddr from 'ipaddr.js'

/** What a reader makes of a text. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string }
/** Reads the trimmed, non-empty text of one setting. */
export type Parser<T> = (text: string) => Parsed<T>

const PORT_MAX = 65_535
/** AES-256 takes a key of 32 bytes. */
const SECRET_KEY_BYTES = 32
const BASE64_32_BYTES = /^[A-Za-z0-9+/_-]{43}=?$/

function accepted<T>(value: T): Parsed<T> {
  return { ok: true, value }
}

function refused<T>(problem: string): Parsed<T> {
  return { ok: false, problem }
}

/** More would have no cores to run on, and PostgreSQL no connections for them. */
const PROCESSES_MAX = 64

/** How many processes: a number from 1, or `auto` for as many as this machine lets run at once. */
export const parseProcesses: Parser<number> = (text) => {
  if (text.toLowerCase() === 'auto') return accepted(Math.min(availableParallelism(), PROCESSES_MAX))
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (count >= 1 && count <= PROCESSES_MAX) return accepted(count)
  return refused(`must be a number from 1 to ${PROCESSES_MAX}, or auto for one a core, not "${text}"`)
}

/** A TCP port; 0 means any free one. */
export const parsePort: Parser<number> = (text) => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= PORT_MAX) return accepted(port)
  return refused(`must be a port from 0 to ${PORT_MAX} (0 picks a free one), not "${text}"`)
}

/** What Kubernetes puts into the environment of a pod as `<NAME>_PORT`, for a service of that name. */
export function isServiceAddress(text: string): boolean {
  return /^(tcp|udp|sctp):\/\//.test(text)
}

/** A TCP port, or `off` for null. */
export const parsePortOrOff: Parser<number | null> = (text) => {
  if (text.toLowerCase() === 'off') return accepted(null)
  if (isServiceAddress(text)) {
    return refused(
      `is "${text}", the address of a Kubernetes service of that name: set enableServiceLinks: false in ` +
        'the spec of the pod, or the port itself in its env',
    )
  }
  const port = parsePort(text)
  return port.ok ? port : refused(`${port.problem}; write "off" to do without`)
}

/** A name or address to listen on. */
export const parseHost: Parser<string> = (text) => {
  if (/^[A-Za-z0-9._:%-]+$/.test(text)) return accepted(text)
  return refused(`must be a host name or an IP address such as 127.0.0.1 or 0.0.0.0, not "${text}"`)
}

/** One of `choices`, in any case. */
export function parseChoice<const C extends string>(choices: readonly C[]): Parser<C> {
  return (text) => {
    const found = choices.find((choice) => choice === text.toLowerCase())
    return found === undefined
      ? refused(`must be one of ${choices.join(', ')}, not "${text}"`)
      : accepted(found)
  }
}

/** A non-empty subset of `choices`, separated by commas. */
export function parseSubset<const C extends string>(choices: readonly C[]): Parser<ReadonlySet<C>> {
  const one = parseChoice(choices)
  return (text) => {
    const found = new Set<C>()
    for (const item of splitList(text)) {
      const parsed = one(item)
      if (!parsed.ok) return refused(`must name any of ${choices.join(', ')} between commas, not "${item}"`)
      found.add(parsed.value)
    }
    return found.size > 0 ? accepted(found) : refused(`must name at least one of ${choices.join(', ')}`)
  }
}

/** `true` or `false`, or `1` or `0`. */
export const parseBoolean: Parser<boolean> = (text) => {
  const lower = text.toLowerCase()
  if (lower === 'true' || lower === '1') return accepted(true)
  if (lower === 'false' || lower === '0') return accepted(false)
  return refused(`must be true or false, not "${text}"`)
}

/** A factor above 0. */
export const parseFactor: Parser<number> = (text) => {
  const factor = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (factor > 0 && Number.isFinite(factor)) return accepted(factor)
  return refused(`must be a number above 0 such as 1 or 20, not "${text}"`)
}

/** Any text, as it is. */
export const parseText: Parser<string> = (text) => accepted(text)

function readHttpUrl(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null
}

/** An absolute http or https URL to which paths are appended: no query, no fragment, no closing slash. */
export const parseBaseUrl: Parser<string> = (text) => {
  const url = readHttpUrl(text)
  if (url === null) return refused(`must be an absolute URL such as https://pay.example.com, not "${text}"`)
  if (url.username !== '' || url.password !== '') return refused('must hold no user name and no password')
  if (/[?#]/.test(text)) return refused('must hold no "?" and no "#": paths are appended to it')
  return accepted(url.href.replace(/\/+$/, ''))
}

/** An absolute http or https URL, kept whole. */
export const parseHttpUrl: Parser<string> = (text) => {
  const url = readHttpUrl(text)
  if (url !== null) return accepted(url.href)
  return refused(`must be an absolute URL such as https://shop.example.com/hook, not "${text}"`)
}

/** A PostgreSQL connection URL. It may hold a password, so a problem never repeats it. */
export const parseDatabaseUrl: Parser<string> = (text) => {
  const form = 'postgres://user:password@host:5432/database'
  if (!/^postgres(ql)?:\/\//.test(text)) return refused(`must be a URL of the form ${form}`)
  if (URL.canParse(text)) return accepted(text)
  return refused(`is not a valid URL; the form is ${form}, with special characters percent-encoded`)
}

/** An SMTP URL. It may hold a password, so a problem never repeats it. */
export const parseSmtpUrl: Parser<string> = (text) => {
  const form = 'smtps://user:password@host:465'
  const url = /^smtps?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : null
  return url === null || url.hostname === '' || !isPercentEncoded(url.username + url.password)
    ? refused(`must be a URL of the form ${form} or smtp://host:587, with special characters percent-encoded`)
    : accepted(text)
}

/** False where a `%` begins no character: `50%off` is to be written `50%25off`. */
function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Whom mail is from: an address, or a name with an address in angle brackets. */
export const parseSender: Parser<string> = (text) => {
  const address = /^[^<>@\s]+@[^<>@\s]+$|^[^<>@\p{Cc}]*<[^<>@\s]+@[^<>@\s]+>$/u
  return address.test(text)
    ? accepted(text)
    : refused(`must be an address, or a name and an address such as Shop <pay@shop.example>, not "${text}"`)
}

/** Comma list of addresses and networks, each as a network: `196.201.214.200` becomes `…/32`. */
export const parseNetworks: Parser<readonly string[]> = (text) => {
  const networks: string[] = []
  for (const item of splitList(text)) {
    const network = readNetwork(item)
    if (network === null) {
      return refused(`must list addresses or networks such as 10.0.0.0/8, 192.0.2.7 or ::1, not "${item}"`)
    }
    networks.push(network)
  }
  return accepted(networks)
}

function readNetwork(text: string): string | null {
  // ipaddr.js also reads forms such as 0x7f.1, which nobody means.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return `${text}/32`
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return text
  if (ipaddr.IPv6.isValid(text)) return `${text}/128`
  return ipaddr.IPv6.isValidCIDR(text) ? text : null
}

/** Comma list of base64 keys of 32 bytes. They are secret, so a problem never repeats them. */
export const parseSecretKeys: Parser<readonly Buffer[]> = (text) => {
  const keys: Buffer[] = []
  for (const [index, item] of splitList(text).entries()) {
    const key = BASE64_32_BYTES.test(item) ? Buffer.from(item, 'base64') : null
    if (key?.length !== SECRET_KEY_BYTES) {
      return refused(
        `must be 32 bytes in base64, several separated by commas; number ${index + 1} is not. ` +
          'Make one with: openssl rand -base64 32',
      )
    }
    keys.push(key)
  }
  return keys.length > 0 ? accepted(keys) : refused('holds no key. Make one with: openssl rand -base64 32')
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
