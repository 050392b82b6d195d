// Words of one paybill or till.
import type { Texts } from '../../texts/language.tsx'

const en = {
  title: 'Shortcode',
  all: 'All shortcodes',
  credentials: 'Credentials',
  accepted: 'Daraja takes the consumer key and secret. Last proof',
  refused: 'Daraja refuses them. No payment is sent until it takes them again. Since',
  unproven: 'Daraja has not been asked yet.',
  said: 'Daraja said',
  check: 'Check against Daraja now',
  checking: 'Asking Daraja…',
  checkedGood: 'Daraja took them. Whether the passkey fits, only a push can tell: send one of KES 1.',
  change: 'Change credentials',
  changeText: 'They are never shown again, only replaced. Leave a field empty to keep what is there.',
  consumerKey: 'Consumer key',
  consumerSecret: 'Consumer secret',
  passkey: 'Passkey',
  passkeyHint: 'The Lipa na M-Pesa online passkey of this number, not the portal’s password.',
  blank: 'It must hold no blanks: was it cut when it was copied?',
  colon: 'A consumer key holds no colon.',
  nothing: 'Fill in at least one field.',
  changedAndChecked: 'Saved, and Daraja took them.',
  changedUnchecked: 'Saved.',
  push: 'Test push of KES 1',
  pushText: 'A real prompt on your own phone. It proves number, passkey and product at once.',
  pushLive: 'One real shilling leaves that phone.',
  pushSimulated: 'The simulator answers: no money moves. 0700 000 000 pays at once.',
  phone: 'Phone',
  phoneWrong: 'That is no Kenyan mobile number, such as 0712 345 678.',
  send: 'Send KES 1',
  follow: 'See the payment',
  works: 'Your set-up works',
  worksText: 'M-Pesa took number, passkey and product. What ended this push was the phone.',
  paid: 'Paid. Everything works.',
  limits: 'Limits and breaker',
  limitsText:
    'They fall by themselves while M-Pesa says that it is busy, and rise again. One payment: KES 1 to ' +
    '250,000.',
  breaker: 'Breaker',
  breakers: {
    closed: 'Closed: pushes are sent',
    half_open: 'Half open: one push is let through to see',
    open: 'Open: M-Pesa fails for this number, pushes wait',
  },
  idle: 'Nothing was sent through it since the gateway started.',
  lookAgain: 'Looked at again in',
  rate: 'Pushes a second, at most',
  atOnce: 'Pushes under way, at most',
  slowStart: 'On its way back from an outage.',
  pull: 'M-Pesa’s own list of payments',
  pullText:
    'Pulled where nothing else can tell what became of a payment. For production it must be ordered ' +
    'from Safaricom.',
  pullOn: 'Use it',
  meanings: 'What a failure means',
  ending: 'Switch on or off',
  enable: 'Switch on',
  disable: 'Switch off',
  disableText: 'It takes no new payments. Those under way are still found out.',
  advice: {
    keys: {
      title: 'Daraja refused the consumer key or secret',
      text:
        'Copy both again from the app on Daraja’s portal. A sandbox app’s keys do not work in production, ' +
        'nor the other way round; a new app takes some minutes.',
    },
    passkey: {
      title: 'The number and the passkey do not fit each other',
      text:
        'The passkey comes with Go Live, one for each number. For a till it belongs to the store (head ' +
        'office) ' +
        'number, not to the till number.',
    },
    product: {
      title: 'The number may not do this',
      text:
        'M-Pesa Express is not active for it, or a till was added as a paybill, or its till number ' +
        'belongs to another ' +
        'store. Ask Safaricom for M-Pesa Express on this number.',
    },
    busy: {
      title: 'M-Pesa is busy',
      text: 'Nothing is wrong with your set-up. Try again in a minute.',
    },
    invalid: {
      title: 'Daraja did not like the request',
      text: 'Check the phone number and the shortcode’s number, digit by digit.',
    },
    unknown: {
      title: 'It did not go through',
      text: 'What M-Pesa said stands below. The payment’s page has every step.',
    },
  },
}

/** One shortcode. */
export const shortcodeTexts: Texts<typeof en> = {
  en,
  sw: {
    title: 'Paybill au till',
    all: 'Paybill na till zote',
    credentials: 'Vitambulisho',
    accepted: 'Daraja inakubali consumer key na secret. Uthibitisho wa mwisho',
    refused: 'Daraja inavikataa. Hakuna malipo yanayotumwa hadi ivikubali tena. Tangu',
    unproven: 'Daraja bado haijaulizwa.',
    said: 'Daraja ilisema',
    check: 'Kagua kwa Daraja sasa',
    checking: 'Tunauliza Daraja…',
    checkedGood: 'Daraja imevikubali. Kama passkey ni sahihi, ombi tu linaweza kuonyesha: tuma la KES 1.',
    change: 'Badilisha vitambulisho',
    changeText: 'Havionyeshwi tena, vinabadilishwa tu. Acha sehemu tupu ili ibaki ilivyo.',
    consumerKey: 'Consumer key',
    consumerSecret: 'Consumer secret',
    passkey: 'Passkey',
    passkeyHint: 'Passkey ya Lipa na M-Pesa online ya nambari hii, si nenosiri la tovuti.',
    blank: 'Isiwe na nafasi: je, ilikatwa wakati wa kunakili?',
    colon: 'Consumer key haina alama ya nukta mbili.',
    nothing: 'Jaza angalau sehemu moja.',
    changedAndChecked: 'Vimehifadhiwa, na Daraja imevikubali.',
    changedUnchecked: 'Vimehifadhiwa.',
    push: 'Ombi la jaribio la KES 1',
    pushText: 'Ombi halisi kwenye simu yako mwenyewe. Linathibitisha nambari, passkey na huduma kwa pamoja.',
    pushLive: 'Shilingi moja halisi itatoka kwenye simu hiyo.',
    pushSimulated: 'Mfumo wa majaribio unajibu: hakuna pesa inayohamishwa. 0700 000 000 inalipa papo hapo.',
    phone: 'Simu',
    phoneWrong: 'Hiyo si nambari ya simu ya Kenya, kama 0712 345 678.',
    send: 'Tuma KES 1',
    follow: 'Ona malipo',
    works: 'Usanidi wako unafanya kazi',
    worksText: 'M-Pesa imekubali nambari, passkey na huduma. Kilichokatiza ombi hili ni simu.',
    paid: 'Imelipwa. Kila kitu kinafanya kazi.',
    limits: 'Vikomo na kizuizi',
    limitsText:
      'Vinashuka vyenyewe M-Pesa inapokuwa na shughuli nyingi, kisha vinapanda tena. ' +
      'Malipo moja: KES 1 hadi 250,000.',
    breaker: 'Kizuizi',
    breakers: {
      closed: 'Kimefungwa: maombi yanatumwa',
      half_open: 'Nusu wazi: ombi moja linaruhusiwa kuona',
      open: 'Wazi: M-Pesa inashindwa kwa nambari hii, maombi yanasubiri',
    },
    idle: 'Hakuna kilichotumwa kupitia nambari hii tangu mfumo uanze.',
    lookAgain: 'Kitaangaliwa tena baada ya',
    rate: 'Maombi kwa sekunde, upeo',
    atOnce: 'Maombi kwa wakati mmoja, upeo',
    slowStart: 'Inarudi polepole baada ya hitilafu.',
    pull: 'Orodha ya M-Pesa yenyewe ya malipo',
    pullText:
      'Inasomwa pale ambapo hakuna kingine kinachoweza kueleza kilichotokea. ' +
      'Kwa halisi lazima iagizwe kutoka Safaricom.',
    pullOn: 'Itumie',
    meanings: 'Kushindwa kunamaanisha nini',
    ending: 'Washa au zima',
    enable: 'Washa',
    disable: 'Zima',
    disableText: 'Haipokei malipo mapya. Yaliyo njiani bado yatafuatiliwa.',
    advice: {
      keys: {
        title: 'Daraja imekataa consumer key au secret',
        text:
          'Nakili zote mbili tena kutoka kwenye app ya tovuti ya Daraja. Funguo za sandbox hazifanyi ' +
          'kazi kwenye halisi, ' +
          'wala kinyume chake; app mpya huchukua dakika chache.',
      },
      passkey: {
        title: 'Nambari na passkey hazilingani',
        text:
          'Passkey huja na Go Live, moja kwa kila nambari. Kwa till ni ya nambari ya duka (store/head ' +
          'office), ' +
          'si ya nambari ya till.',
      },
      product: {
        title: 'Nambari hairuhusiwi kufanya hili',
        text:
          'M-Pesa Express haijawashwa kwa nambari hii, au till imeongezwa kama paybill, au nambari ya ' +
          'till ni ya ' +
          'duka lingine. Iombe Safaricom M-Pesa Express kwa nambari hii.',
      },
      busy: {
        title: 'M-Pesa ina shughuli nyingi',
        text: 'Hakuna tatizo kwenye usanidi wako. Jaribu tena baada ya dakika moja.',
      },
      invalid: {
        title: 'Daraja haikukubali ombi',
        text: 'Kagua nambari ya simu na nambari ya paybill au till, tarakimu kwa tarakimu.',
      },
      unknown: {
        title: 'Halikukamilika',
        text: 'M-Pesa ilichosema kiko hapa chini. Ukurasa wa malipo una kila hatua.',
      },
    },
  },
}
