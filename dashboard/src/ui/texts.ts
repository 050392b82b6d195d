// Words that many pages share.
import type { Texts } from '../texts/language.tsx'

type UiTexts = {
  retry: string
  couldNotLoad: string
  noAnswer: string
  reload: string
  brokenPage: string
  notFound: string
  notFoundText: string
  toOverview: string
  forbidden: string
  forbiddenText(role: string): string
  copy: string
  copied: string
  copyFailed: string
  cancel: string
  close: string
  loading: string
  reference(id: string): string
  loadMore: string
  status: Record<string, string>
}

export const uiTexts: Texts<UiTexts> = {
  en: {
    retry: 'Try again',
    couldNotLoad: 'This could not be loaded',
    noAnswer: 'The gateway does not answer. Is it running, and is this device online?',
    reload: 'Load the page again',
    brokenPage: 'This page has a fault',
    notFound: 'There is no such page',
    notFoundText: 'The address may be mistyped, or what it showed is gone.',
    toOverview: 'Go to the overview',
    forbidden: 'Your role does not include this',
    forbiddenText: (role) => `You are here as ${role}. Ask an owner of this merchant for another role.`,
    copy: 'Copy',
    copied: 'Copied',
    copyFailed: 'Could not copy: mark it and copy it by hand.',
    cancel: 'Cancel',
    close: 'Close',
    loading: 'Loading',
    reference: (id) => `Request ${id}`,
    loadMore: 'Show more',
    status: {
      queued: 'Queued',
      sending: 'Sending',
      pending: 'Waiting for PIN',
      uncertain: 'Uncertain',
      succeeded: 'Paid',
      failed: 'Failed',
    },
  },
  sw: {
    retry: 'Jaribu tena',
    couldNotLoad: 'Imeshindikana kupakia',
    noAnswer: 'Mfumo haujibu. Je, unaendeshwa, na kifaa hiki kina mtandao?',
    reload: 'Pakia ukurasa tena',
    brokenPage: 'Ukurasa huu una hitilafu',
    notFound: 'Hakuna ukurasa kama huo',
    notFoundText: 'Huenda anwani imekosewa, au kilichokuwa hapa kimeondolewa.',
    toOverview: 'Nenda kwenye muhtasari',
    forbidden: 'Jukumu lako haliruhusu hili',
    forbiddenText: (role) => `Uko hapa kama ${role}. Mwombe mmiliki wa biashara akupe jukumu lingine.`,
    copy: 'Nakili',
    copied: 'Imenakiliwa',
    copyFailed: 'Imeshindikana kunakili: chagua maandishi uyanakili mwenyewe.',
    cancel: 'Ghairi',
    close: 'Funga',
    loading: 'Inapakia',
    reference: (id) => `Ombi ${id}`,
    loadMore: 'Onyesha zaidi',
    status: {
      queued: 'Kwenye foleni',
      sending: 'Inatumwa',
      pending: 'Inasubiri PIN',
      uncertain: 'Haijathibitishwa',
      succeeded: 'Imelipwa',
      failed: 'Imeshindikana',
    },
  },
}
