// Keeps webhooks out of internal networks: judges the very addresses that a connection is about to use, at
// every connect, so that no DNS answer, notation or transition mechanism leads inside.
import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import buildConnector from 'undici/lib/core/connect.js'

/**
 * `public`: anyone's. `private`: somebody's own network, allowed only by configuration or to simulator
 * payments. `forbidden`: never a receiver of webhooks, or a door to a machine's own secrets.
 */
export type AddressClass = 'public' | 'private' | 'forbidden'

/** Ranges that a merchant's own test machine may be in. */
const PRIVATE_RANGES: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'])

/** Metadata and control services of clouds that lie outside of the link-local range. */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set([
  'fd00:ec2::254', // AWS
  'fd00:ec2::23', // AWS, credentials of pods
  'fd20:ce::254', // Google Cloud
  '100.100.100.200', // Alibaba Cloud
  '168.63.129.16', // Azure's wire server, a public address that is reachable only from inside
])

/**
 * The NAT64 prefix by which IPv6-only networks reach IPv4 (RFC 6052); the IPv4 address is its last 32 bits.
 */
const NAT64_PREFIX = ipaddr.IPv6.parse('64:ff9b::')
const NAT64_PREFIX_BITS = 96
const IPV4_BYTES = 4

/** Global unicast; whatever else IPv6 has is either special or not assigned. */
const IPV6_UNICAST = ipaddr.IPv6.parse('2000::')
const IPV6_UNICAST_BITS = 3

/**
 * Classifies an IP address in any notation. Addresses that wrap an IPv4 address are forbidden, save NAT64,
 * which is classed by what it wraps. Text that is no address is forbidden.
 */
export function classifyAddress(text: string): AddressClass {
  if (!ipaddr.isValid(text)) return 'forbidden'
  const address = ipaddr.parse(text)
  if (address instanceof ipaddr.IPv4) return classifyIpv4(address)
  if (address.match(NAT64_PREFIX, NAT64_PREFIX_BITS)) {
    return classifyIpv4(new ipaddr.IPv4(address.toByteArray().slice(-IPV4_BYTES)))
  }
  return classifyIpv6(address)
}

function classifyIpv4(address: ipaddr.IPv4): AddressClass {
  if (METADATA_ADDRESSES.has(address.toString())) return 'forbidden'
  const range = address.range()
  if (range === 'unicast') return 'public'
  return PRIVATE_RANGES.has(range) ? 'private' : 'forbidden'
}

function classifyIpv6(address: ipaddr.IPv6): AddressClass {
  if (METADATA_ADDRESSES.has(address.toRFC5952String())) return 'forbidden'
  const range = address.range()
  if (PRIVATE_RANGES.has(range)) return 'private'
  return range === 'unicast' && address.match(IPV6_UNICAST, IPV6_UNICAST_BITS) ? 'public' : 'forbidden'
}

/** True when a webhook may connect to this address. */
export function isAddressAllowed(text: string, allowPrivate: boolean): boolean {
  const found = classifyAddress(text)
  return found === 'public' || (found === 'private' && allowPrivate)
}

const PORT_MAX = 65_535
/** Below are the ports of services that are no web servers, such as mail. */
const PORT_UNPRIVILEGED_MIN = 1_024
const WEB_PORTS: ReadonlySet<string> = new Set(['', '80', '443'])

/** True when a webhook may connect to this port, '' for the scheme's own. */
export function isPortAllowed(port: string, allowPrivate: boolean): boolean {
  if (WEB_PORTS.has(port)) return true
  const number = Number(port)
  return number >= (allowPrivate ? 1 : PORT_UNPRIVILEGED_MIN) && number <= PORT_MAX
}

/** Names of this machine and of networks that are somebody's own (RFC 6761, 6762, 8375, 9476). */
const INTERNAL_NAME =
  /^[^.]*$|(^|\.)(localhost|localdomain|local|internal|home\.arpa|intranet|lan|corp|home)$/

/** True when no public address is to be expected behind the name; `host` as `URL` has it. */
export function isInternalName(host: string): boolean {
  return isIP(host) === 0 && INTERNAL_NAME.test(host.replace(/\.$/, '').toLowerCase())
}

/** No address of the host may be connected to. The message names no address: merchants read it. */
export class AddressRefusedError extends Error {
  override name = 'AddressRefusedError'
  readonly code = 'ADDRESS_REFUSED'
}

function refused(host: string): AddressRefusedError {
  return new AddressRefusedError(`${host} is at an address that webhooks may not be sent to`)
}

/** The part of `dns.lookup` that the guard uses. */
export type LookupAll = (
  host: string,
  options: { all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/**
 * A connector for undici that connects only to allowed addresses. A name is looked up once, and only
 * addresses of that answer that passed are given to the socket; TLS still verifies the name.
 */
export function createGuardedConnector(
  deps: { lookup: LookupAll },
  options: { allowPrivate: boolean; connectTimeoutMs: number },
): buildConnector.connector {
  const lookup = guardedLookup(deps.lookup, options.allowPrivate)
  const connect = buildConnector({ lookup, timeout: options.connectTimeoutMs, allowH2: false })
  const isAllowed = (address: string) => isAddressAllowed(address, options.allowPrivate)
  return (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, '')
    // An address needs no look-up, so the guarded one would never be asked.
    const isInside = isIP(host) === 0 ? isInternalName(host) && !options.allowPrivate : !isAllowed(host)
    if (isInside || !isPortAllowed(target.port, options.allowPrivate)) {
      callback(refused(host), null)
      return
    }
    connect(target, callback)
  }
}

function guardedLookup(lookup: LookupAll, allowPrivate: boolean): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { all: true }, (error, found) => {
      if (error !== null) {
        callback(error, [])
        return
      }
      const allowed = found.filter((entry) => isAddressAllowed(entry.address, allowPrivate))
      const first = allowed[0]
      if (first === undefined) callback(refused(host), [])
      else if (options.all === true) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}
