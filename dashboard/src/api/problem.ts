// What the gateway says when it refuses: a problem of RFC 9457, or no answer at all.

/** One field that is wrong, and what to do about it. */
export type FieldError = { field: string; message: string }

/** A request that was not done. `code` is stable; `no_answer` when none came, or none that can be read. */
export class ApiProblem extends Error {
  readonly code: string
  /** HTTP's status; 0 without an answer. */
  readonly status: number
  readonly errors: readonly FieldError[]
  readonly retryAfterSeconds: number | null
  readonly requestId: string | null

  constructor(init: {
    code: string
    status: number
    message: string
    errors?: readonly FieldError[]
    retryAfterSeconds?: number | null
    requestId?: string | null
  }) {
    super(init.message)
    this.name = 'ApiProblem'
    this.code = init.code
    this.status = init.status
    this.errors = init.errors ?? []
    this.retryAfterSeconds = init.retryAfterSeconds ?? null
    this.requestId = init.requestId ?? null
  }
}

/** True for the problem with the code `code`. */
export function isProblem(error: unknown, code: string): error is ApiProblem {
  return error instanceof ApiProblem && error.code === code
}

/** The problem that an answer which is no success carries; also of one that is no problem document. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const text = await response.text().catch(() => '')
  const body = readObject(text)
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new ApiProblem({
    code: typeof body.code === 'string' ? body.code : `http_${response.status}`,
    status: response.status,
    message: firstText([body.detail, body.message, body.title], `HTTP ${response.status}`),
    errors: fieldErrorsOf(body.errors),
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
    requestId: response.headers.get('x-request-id'),
  })
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function firstText(values: readonly unknown[], otherwise: string): string {
  const found = values.find((value) => typeof value === 'string' && value !== '')
  return typeof found === 'string' ? found : otherwise
}

/** `{ amount: ['…', …] }`, as every surface of the gateway writes them. */
function fieldErrorsOf(errors: unknown): FieldError[] {
  if (typeof errors !== 'object' || errors === null) return []
  return Object.entries(errors).flatMap(([field, texts]) => {
    const message = Array.isArray(texts) ? texts.filter((text) => typeof text === 'string').join(' ') : texts
    return typeof message === 'string' && message !== '' ? [{ field, message }] : []
  })
}
