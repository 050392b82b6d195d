// The simulator's control routes as this page uses them (docs/simulator.md has all of them).

/** A prompt that is up. `leftMs` is how long from when it was told. */
export type PromptView = {
  id: string
  phone: string
  amountKes: number
  reference: string
  payee: string
  isTill: boolean
  /** What the handset asks, in Safaricom's English. */
  text: string
  leftMs: number
}

/** A message of M-PESA's. */
export type PhoneMessage = { id: number; atMs: number; text: string }

/** A phone of this page. */
export type PhoneView = {
  number: string
  pin: string | null
  balanceKes: number | null
  isOn: boolean
  isLocked: boolean
  wrongPins: number
  messages: PhoneMessage[]
  prompt: PromptView | null
}

/** What really happened to one push. */
export type LedgerEntry = {
  sequence: number
  checkoutRequestId: string | null
  shortcode: string
  phone: string
  amountKes: number
  reference: string
  answer: string
  promptShown: boolean
  pushedAtMs: number
  endedAtMs: number | null
  resultCode: string | null
  receipt: string | null
  callbacksAttempted: number
  callbacksAnswered: number
  queries: number
}

/** A switch's value. */
export type FaultValue = number | string | boolean
export type Faults = Readonly<Record<string, FaultValue>>
export type FaultRule =
  | { kind: 'share' }
  | { kind: 'integer'; min: number; max: number }
  | { kind: 'flag' }
  | { kind: 'choice'; choices: readonly string[] }
export type Switches = { rules: Record<string, FaultRule>; defaults: Faults }

/** What somebody can do with a prompt. */
export type Answer = 'pay' | 'right_pin' | 'cancel' | 'wrong_pin' | 'insufficient' | 'ignore'

/** The simulator said no, or said nothing. */
export class SimulatorError extends Error {}

export const answerPrompt = (id: string, action: Answer, pin?: string): Promise<unknown> =>
  call('POST', `/simulator/prompts/${encodeURIComponent(id)}/answer`, {
    action,
    ...(pin === undefined ? {} : { pin }),
  })

export const changePhone = (
  number: string,
  change: { pin?: string; balanceKes?: number; isOn?: boolean; unlock?: true },
): Promise<unknown> => call('PATCH', `/simulator/phones/${number}`, change)

/** Sets every switch: those that are not named go back to their defaults. */
export const putFaults = (faults: Faults): Promise<unknown> => call('PUT', '/simulator/faults', faults)

export const putSpeed = (speed: number): Promise<unknown> => call('PUT', '/simulator/speed', { speed })

// The parsers of what the simulator answers: it is served by the same process as this page.
export const getSwitches = async (): Promise<Switches> =>
  (await call('GET', '/simulator/switches')) as Switches

export const getTestNumbers = async (): Promise<string[]> =>
  ((await call('GET', '/simulator/test-numbers')) as { numbers: string[] }).numbers

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await fetch(path, { method, ...init }).catch(() => null)
  if (response === null) throw new SimulatorError('no_answer')
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer
  throw new SimulatorError(errorsIn(answer).join('; ') || `${response.status}`)
}

function errorsIn(answer: unknown): string[] {
  if (typeof answer !== 'object' || answer === null || !('errors' in answer)) return []
  return Array.isArray(answer.errors) ? answer.errors.map(String) : []
}
