// The switches as they are shown: what belongs together, in the order of a payment's life.
import type { Texts } from '../../texts/languages.ts'

type GroupKey = 'push' | 'callback' | 'customer' | 'delays' | 'queries' | 'disputed'

/** Every switch stands in one group. */
export const FAULT_GROUPS: readonly { key: GroupKey; names: readonly string[] }[] = [
  {
    key: 'push',
    names: [
      'spikeArrest',
      'systemBusy',
      'htmlError',
      'internalErrorUnprompted',
      'htmlErrorPrompted',
      'internalErrorPrompted',
      'droppedResponse',
    ],
  },
  { key: 'callback', names: ['lostCallback', 'doubleCallback', 'earlyCallback', 'lateCallback'] },
  { key: 'customer', names: ['declined'] },
  { key: 'queries', names: ['flakyQuery', 'queryRateLimit', 'queriesPerMinute', 'queryBurst'] },
  {
    key: 'delays',
    names: [
      'callbackDelayMs',
      'lateCallbackDelayMs',
      'promptLifeMs',
      'pushDelayMs',
      'queryDelayMs',
      'queryTooEarlyMs',
    ],
  },
  {
    key: 'disputed',
    names: [
      'queryInFlight',
      'queryPaidWhileOpen',
      'promptTimeout',
      'callbackCopies',
      'callbackPhone',
      'balance',
      'oldResultDesc',
      'idForm',
      'htmlErrorForm',
      'spikeArrestForm',
      'busyStatus',
      'strictTimestamp',
      'expiresIn',
      'wrongCredentials',
      'invalidToken',
      'tokenLifetimeSeconds',
      'newTokenInvalidatesOld',
    ],
  },
]

export const faultGroupTexts: Texts<Record<GroupKey, { title: string; about: string }>> = {
  en: {
    push: {
      title: 'Pushes that go wrong',
      about: 'The share of pushes to ordinary numbers. One push meets at most one of these.',
    },
    callback: {
      title: 'Callbacks that go wrong',
      about: 'The share of payments of ordinary numbers. One callback meets at most one of these.',
    },
    customer: { title: 'Customers', about: 'The share of ordinary numbers that do not pay.' },
    queries: { title: 'Queries', about: 'What becomes of questions about a payment.' },
    delays: { title: 'Delays', about: 'All are divided by the speed.' },
    disputed: {
      title: 'What captures of Daraja disagree on',
      about: 'A client should get along with each of these.',
    },
  },
  sw: {
    push: {
      title: 'Maombi yanayoharibika',
      about: 'Sehemu ya maombi kwa nambari za kawaida. Ombi moja hupata moja tu kati ya haya.',
    },
    callback: {
      title: 'Callback zinazoharibika',
      about: 'Sehemu ya malipo ya nambari za kawaida. Callback moja hupata moja tu kati ya haya.',
    },
    customer: { title: 'Wateja', about: 'Sehemu ya nambari za kawaida ambazo hazilipi.' },
    queries: { title: 'Maswali', about: 'Kinachotokea kwa maswali kuhusu malipo.' },
    delays: { title: 'Kuchelewa', about: 'Muda wote hugawanywa kwa kasi.' },
    disputed: {
      title: 'Ambayo nakala za Daraja hazikubaliani',
      about: 'Mteja wa API anapaswa kuelewana na kila moja ya haya.',
    },
  },
}
