// Finds the addresses of receivers. Merchants choose these names, and so the servers that are to answer: a
// look-up that nobody answers must cost nothing but itself.
import { BADNAME, type LookupAddress, NODATA, NOTFOUND, lookup as systemLookup } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { isInternalName, type LookupAll } from './address-guard.ts'

/** Where names are looked up; the machine's own unless told. */
export type NameSources = {
  /** DNS servers, as `Resolver.setServers` takes them. */
  servers?: readonly string[]
  hostsFile?: string
  system?: LookupAll
}

/** Two questions each, A and AAAA: below the 150 that a small resolver (dnsmasq) has open at once. */
const DNS_AT_ONCE_MAX = 64
/** `dns.lookup` has two threads in a process: one stays for connections to Daraja and PostgreSQL. */
const SYSTEM_AT_ONCE_MAX = 1
/** A question is lost with its datagram, or its server is down: the next one is asked after this. */
const DNS_TRY_MS = 1_000
/** Tries a server, the second one twice as long. */
const DNS_TRIES = 2
const HOSTS_FILE = '/etc/hosts'
/** No such name, or no address behind it, or nothing that DNS has a form for. */
const UNKNOWN: ReadonlySet<string> = new Set([NOTFOUND, NODATA, BADNAME])

/**
 * A look-up in the place of `dns.lookup`, where a name whose server is silent holds a thread for as long as
 * the system likes. DNS is asked over sockets, and given up after `timeoutMs`. The system is only asked for
 * names that are answered for at home: internal ones, and those that the hosts file lists. Connections that
 * want the same name at the same time share one look-up. Fails with ENOTFOUND or EAI_AGAIN, and with what the
 * system says.
 */
export function createNameLookup(sources: NameSources, options: { timeoutMs: number }): LookupAll {
  const inDns = createPlaces(DNS_AT_ONCE_MAX)
  const inSystem = createPlaces(SYSTEM_AT_ONCE_MAX)
  const running = new Map<string, Promise<LookupAddress[]>>()

  async function find(host: string, signal: AbortSignal): Promise<LookupAddress[]> {
    if (!isInternalName(host) && !(await isListed(sources.hostsFile ?? HOSTS_FILE, host))) {
      return inDns(signal, () => askDns(sources.servers, host, signal))
    }
    // Nothing ends the system's look-up: those who wait for it go, and it keeps its place until it has ended.
    const found = inSystem(signal, () => askSystem(sources.system ?? systemLookup, host))
    return Promise.race([found, whenAborted(signal)])
  }

  function start(host: string): Promise<LookupAddress[]> {
    const signal = AbortSignal.timeout(options.timeoutMs)
    const answer = find(host, signal)
      .catch((error: unknown) => {
        throw signal.aborted ? lookupError(host, 'EAI_AGAIN') : error
      })
      .finally(() => running.delete(host))
    running.set(host, answer)
    return answer
  }

  return (host, _options, callback) => {
    const answer = running.get(host) ?? start(host)
    answer.then(
      (found) => callback(null, found),
      (error: Error) => callback(error, []),
    )
  }
}

/** Asks anew each time: a resolver reads the machine's servers once, and those may change. */
async function askDns(
  servers: NameSources['servers'],
  host: string,
  signal: AbortSignal,
): Promise<LookupAddress[]> {
  const resolver = new Resolver({ timeout: DNS_TRY_MS, tries: DNS_TRIES })
  if (servers !== undefined) resolver.setServers(servers)
  signal.addEventListener('abort', () => resolver.cancel())
  // What has come by then is taken: there are servers that never answer for the one kind of address.
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  const found = [...toAddresses(v4, 4), ...toAddresses(v6, 6)]
  if (found.length > 0) return found
  throw lookupError(host, isUnknown(v4) && isUnknown(v6) ? 'ENOTFOUND' : 'EAI_AGAIN')
}

function toAddresses(answer: PromiseSettledResult<string[]>, family: number): LookupAddress[] {
  if (answer.status === 'rejected') return []
  return answer.value.map((address) => ({ address, family }))
}

function isUnknown(answer: PromiseSettledResult<string[]>): boolean {
  return answer.status === 'fulfilled' || UNKNOWN.has(answer.reason.code)
}

function askSystem(system: LookupAll, host: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    system(host, { all: true }, (error, found) => {
      if (error === null) resolve(found)
      else reject(error)
    })
  })
}

/** Whether the operator has given this name its address. */
async function isListed(hostsFile: string, host: string): Promise<boolean> {
  const text = await readFile(hostsFile, 'utf8').catch(() => '')
  const words = text.replace(/#.*/g, '').toLowerCase().split(/\s+/)
  return words.includes(host.replace(/\.$/, '').toLowerCase())
}

function lookupError(host: string, code: string): Error {
  return Object.assign(new Error(`${code} ${host}`), { code })
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

type Places = <Result>(signal: AbortSignal, run: () => Promise<Result>) => Promise<Result>

/** Runs `max` at once, the others in their turn; who has not had one when its signal aborts goes. */
function createPlaces(max: number): Places {
  let free = max
  const waiting = new Set<() => void>()

  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (free > 0) {
      free -= 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      waiting.add(resolve)
      signal.addEventListener('abort', () => {
        if (waiting.delete(resolve)) reject(signal.reason)
      })
    })
  }

  function leave(): void {
    const [next] = waiting
    if (next === undefined) {
      free += 1
      return
    }
    waiting.delete(next)
    next()
  }

  return async (signal, run) => {
    await enter(signal)
    try {
      return await run()
    } finally {
      leave()
    }
  }
}
