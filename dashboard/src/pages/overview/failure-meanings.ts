// What the codes of failures mean to the one who sells: not what to tell the customer, but what it says.
import type { Texts } from '../../texts/language.tsx'

/** Meanings by M-Pesa's code; others speak for themselves by their label. */
export const failureMeanings: Texts<Readonly<Record<string, string>>> = {
  en: {
    '1': 'The customer had too little money in M-Pesa.',
    '17': 'The same amount from the same phone within two minutes.',
    '26': 'M-Pesa was too busy.',
    '1001': 'Another M-Pesa prompt was open on the phone.',
    '1019': 'The prompt expired before it was answered.',
    '1025': 'M-Pesa could not send the prompt.',
    '1032': 'The customer pressed cancel, or let the prompt pass.',
    '1036': 'The phone was off or without signal.',
    '1037': 'The phone was off, without signal, or nobody answered.',
    '2001': 'The customer entered a wrong PIN.',
    '2028': 'M-Pesa does not allow it for this paybill or till: look at its set-up.',
    '8006': 'The customer’s PIN is locked.',
    '9999': 'M-Pesa could not send the prompt.',
    customer_busy: 'Another M-Pesa prompt was open on the phone.',
    push_rejected: 'M-Pesa did not accept the request, and no prompt was sent.',
    not_sent: 'It could not be sent in time, so it never was.',
    not_on_statement: 'M-Pesa’s statement shows that it was not paid.',
  },
  sw: {
    '1': 'Mteja hakuwa na pesa za kutosha kwenye M-Pesa.',
    '17': 'Kiasi kile kile kutoka simu ile ile ndani ya dakika mbili.',
    '26': 'M-Pesa ilikuwa na shughuli nyingi.',
    '1001': 'Kulikuwa na ombi lingine la M-Pesa kwenye simu.',
    '1019': 'Muda wa ombi uliisha kabla ya kujibiwa.',
    '1025': 'M-Pesa haikuweza kutuma ombi.',
    '1032': 'Mteja alighairi, au aliacha ombi lipite.',
    '1036': 'Simu ilizimwa au haikuwa na mtandao.',
    '1037': 'Simu ilizimwa, haikuwa na mtandao, au hakuna aliyejibu.',
    '2001': 'Mteja alikosea PIN.',
    '2028': 'M-Pesa hairuhusu kwa paybill au till hii: kagua mpangilio wake.',
    '8006': 'PIN ya mteja imefungwa.',
    '9999': 'M-Pesa haikuweza kutuma ombi.',
    customer_busy: 'Kulikuwa na ombi lingine la M-Pesa kwenye simu.',
    push_rejected: 'M-Pesa haikukubali ombi, na halikutumwa kwenye simu.',
    not_sent: 'Halikuweza kutumwa kwa wakati, kwa hiyo halikutumwa kamwe.',
    not_on_statement: 'Taarifa ya M-Pesa inaonyesha kuwa haikulipwa.',
  },
}
