// Every call of the dashboard to the gateway that served it.
import { ApiProblem, problemOf } from './problem.ts'

/** The two worlds, which never see each other: simulator and sandbox, or production. */
export type Mode = 'test' | 'live'

/** Whose payments, keys and so on are meant. */
export type Side = { merchantId: string; mode: Mode }

/** One call. `body` is sent as JSON. */
export type RequestOptions = {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  body?: unknown
  /** Left out by calls about the user and not a merchant. */
  side?: Side | undefined
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** The headers that name a side. A foreign page cannot set them, so they also tell our pages from others. */
export function sideHeaders(side: Side): Record<string, string> {
  return { 'sukuma-merchant': side.merchantId, 'sukuma-mode': side.mode }
}

/** The answer, whatever its body. Throws `ApiProblem` unless it is a success. */
export async function call(path: string, options: RequestOptions = {}): Promise<Response> {
  const { method = 'GET', body, side, headers, signal } = options
  const init: RequestInit = {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(side === undefined ? {} : sideHeaders(side)),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }
  const response = await fetch(path, init).catch((error: unknown) => {
    throw lost(error, signal)
  })
  if (!response.ok) throw await problemOf(response)
  return response
}

/**
 * The answer's JSON; undefined when it has no body. Its shape is what the gateway documents for `path`, and
 * is taken for granted: both are built from one version.
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  return readJson<T>(await call(path, options), options.signal)
}

/** The JSON of a success. One that was cut off, or that is not the gateway’s, is no answer. */
export async function readJson<T>(response: Response, signal?: AbortSignal): Promise<T> {
  try {
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  } catch (error) {
    throw lost(error, signal)
  }
}

function lost(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return error
  return new ApiProblem({ code: 'no_answer', status: 0, message: 'The gateway did not answer.' })
}
