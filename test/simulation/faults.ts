// What may go wrong in a world, and how likely. Every world draws its own mix: a fault that all worlds have
// would hide what happens without it.
import type { Choices } from './choices.ts'

/** Probabilities, each for one thing of its kind; counts where the name says so. */
export type Faults = {
  /** A statement that fails and did not run. */
  storeFails: number
  /** A statement that committed, and whose answer is lost. */
  storeAnswerLost: number
  /** What failed goes on failing for a while, as where a row is locked; other statements run. */
  storeStaysBad: number
  storeSlow: number
  outageCount: number
  /** A process dies as it calls a port or hears from one. */
  crash: number
  /** A process stands still for longer than a lease and goes on as though nothing had been. */
  freezeCount: number
  /** A process's clock is put forward by minutes, or back by seconds. */
  clockJumpCount: number
  credentialsAway: number
  tokenAway: number
  notConnected: number
  pushLost: number
  pushAnswerLost: number
  pushSlow: number
  /** Refused at the edge: busy, spike arrest, quota, token. */
  pushEdge: number
  /** 500.003.1001, or a page of HTML: with or without a prompt. */
  pushAmbiguous: number
  callbackLost: number
  callbackDoubled: number
  callbackLate: number
  /** A copy without token: a hint. */
  callbackBare: number
  /** Besides the true callback of a paid payment, another one that says no money moved. */
  callbackBelies: number
  queryLost: number
  /** 500.001.1001 about a finished payment. */
  queryAmbiguous: number
  /** Forged callbacks a payment. */
  forged: number
  /** The query says that no money moved, and then it moves. */
  queryBelies: number
  /** The query says "0" while the prompt is up, however it ends. */
  queryPaidWhileOpen: number
}

/** Nothing goes wrong. */
export const NO_FAULTS: Faults = {
  storeFails: 0,
  storeAnswerLost: 0,
  storeStaysBad: 0,
  storeSlow: 0,
  outageCount: 0,
  crash: 0,
  freezeCount: 0,
  clockJumpCount: 0,
  credentialsAway: 0,
  tokenAway: 0,
  notConnected: 0,
  pushLost: 0,
  pushAnswerLost: 0,
  pushSlow: 0,
  pushEdge: 0,
  pushAmbiguous: 0,
  callbackLost: 0,
  callbackDoubled: 0,
  callbackLate: 0,
  callbackBare: 0,
  callbackBelies: 0,
  queryLost: 0,
  queryAmbiguous: 0,
  forged: 0,
  queryBelies: 0,
  queryPaidWhileOpen: 0,
}

/** What each fault may at most be. */
const FAULTS_MAX: Faults = {
  storeFails: 0.15,
  storeAnswerLost: 0.15,
  storeStaysBad: 0.8,
  storeSlow: 0.1,
  outageCount: 3,
  crash: 0.03,
  freezeCount: 3,
  clockJumpCount: 4,
  credentialsAway: 0.1,
  tokenAway: 0.2,
  notConnected: 0.3,
  pushLost: 0.2,
  pushAnswerLost: 0.3,
  pushSlow: 0.3,
  pushEdge: 0.5,
  pushAmbiguous: 0.3,
  callbackLost: 0.9,
  callbackDoubled: 0.4,
  callbackLate: 0.4,
  callbackBare: 0.3,
  callbackBelies: 0.1,
  queryLost: 0.3,
  queryAmbiguous: 0.4,
  forged: 2,
  queryBelies: 0.1,
  queryPaidWhileOpen: 0.6,
}
const COUNTS: ReadonlySet<string> = new Set(['outageCount', 'freezeCount', 'clockJumpCount'])
/** Of all kinds of faults, a world has about this share. */
const SHARE = 0.4

/** The mix of one world. */
export function drawFaults(choices: Choices): Faults {
  const faults: Record<string, number> = {}
  for (const [name, max] of Object.entries(FAULTS_MAX)) {
    const most = choices.chance(SHARE) ? max : 0
    faults[name] = COUNTS.has(name) ? choices.between(0, most) : most * choices.random()
  }
  const drawn = { ...NO_FAULTS, ...faults }
  // A process whose clock is minutes ahead takes every prompt to be over.
  return drawn.clockJumpCount > 0 ? { ...drawn, queryPaidWhileOpen: 0 } : drawn
}
