// Words of the team page.
import type { Role } from '../../api/session.ts'
import type { Texts } from '../../texts/language.tsx'

type TeamTexts = {
  title: string
  about: string
  invite: string
  members: string
  role: string
  twoFactor: string
  on: string
  off: string
  joined: string
  you: string
  roleOf(name: string): string
  roleChanged(name: string, role: string): string
  remove: string
  removeOf(name: string): string
  removeTitle(name: string): string
  removeText: string
  removed(name: string): string
  leave: string
  leaveTitle(merchant: string): string
  leaveText: string
  lastOwner: string
  ownRoleTitle: string
  ownRoleText: string
  ownRoleAct: string
  invitations: string
  noInvitations: string
  invitedBy(name: string): string
  expires: string
  cancelInvitation: string
  cancelOf(email: string): string
  cancelTitle(email: string): string
  cancelText: string
  canceled(email: string): string
  newLink: string
  newLinkOf(email: string): string
  sendAgain: string
  sendAgainOf(email: string): string
  inviteTitle: string
  inviteAbout: string
  inviteAboutNoMail: string
  send: string
  makeLink: string
  sent(email: string): string
  notSent(email: string): string
  linkTitle(email: string): string
  linkText: string
  link: string
  done: string
  roles: string
  roleTexts: Record<Role, string>
}

export const teamTexts: Texts<TeamTexts> = {
  en: {
    title: 'Team',
    about: 'Who may work for this merchant, and what each of them may do.',
    invite: 'Invite somebody',
    members: 'Members',
    role: 'Role',
    twoFactor: 'Two-factor',
    on: 'On',
    off: 'Off',
    joined: 'Joined',
    you: 'you',
    roleOf: (name) => `Role of ${name}`,
    roleChanged: (name, role) => `${name} is ${role} now.`,
    remove: 'Remove',
    removeOf: (name) => `Remove ${name}`,
    removeTitle: (name) => `Remove ${name}?`,
    removeText:
      'They see nothing of this merchant any more, within seconds, also where they are signed in. API ' +
      'keys that they made go on working: revoke those apart.',
    removed: (name) => `${name} has been removed.`,
    leave: 'Leave',
    leaveTitle: (merchant) => `Leave ${merchant}?`,
    leaveText: 'You see nothing of this merchant any more, until an owner invites you again.',
    lastOwner: 'The last owner stays one. Make somebody else an owner first.',
    ownRoleTitle: 'Change your own role?',
    ownRoleText: 'You cannot change it back yourself: another owner has to.',
    ownRoleAct: 'Change my role',
    invitations: 'Invitations that wait',
    noInvitations: 'None. Who is invited stands here until the invitation is used or too old.',
    invitedBy: (name) => `by ${name}`,
    expires: 'Good until',
    cancelInvitation: 'Cancel',
    cancelOf: (email) => `Cancel the invitation of ${email}`,
    cancelTitle: (email) => `Cancel the invitation of ${email}?`,
    cancelText: 'Its link stops working at once.',
    canceled: (email) => `The invitation of ${email} is cancelled.`,
    newLink: 'New link',
    newLinkOf: (email) => `Make a new link for ${email}`,
    sendAgain: 'Send again',
    sendAgainOf: (email) => `Send the invitation of ${email} again`,
    inviteTitle: 'Invite somebody',
    inviteAbout: 'They get a mail with a link.',
    inviteAboutNoMail: 'This gateway sends no mail: you get a link to hand over yourself.',
    send: 'Send the invitation',
    makeLink: 'Make the link',
    sent: (email) => `The invitation is on its way to ${email}.`,
    notSent: (email) =>
      `The mail to ${email} could not be sent: the gateway’s log says why. The invitation waits below, ` +
      'from where you can send it again.',
    linkTitle: (email) => `Link for ${email}`,
    linkText: 'Hand it only to them: it is shown once, works once, and only for this address.',
    link: 'Invitation link',
    done: 'Done',
    roles: 'What the roles may do',
    roleTexts: {
      owner: 'Everything: also the team, the settings, and what customers’ data is kept.',
      developer: 'Payments and their export, API keys, webhooks, shortcodes, the audit log.',
      support: 'Looks up payments and what to tell customers. Sees no keys, webhooks or export.',
    },
  },
  sw: {
    title: 'Timu',
    about: 'Wanaoweza kufanyia kazi biashara hii, na kila mmoja anachoruhusiwa.',
    invite: 'Mwalike mtu',
    members: 'Wanatimu',
    role: 'Jukumu',
    twoFactor: 'Hatua mbili',
    on: 'Imewashwa',
    off: 'Imezimwa',
    joined: 'Alijiunga',
    you: 'wewe',
    roleOf: (name) => `Jukumu la ${name}`,
    roleChanged: (name, role) => `${name} sasa ni ${role}.`,
    remove: 'Ondoa',
    removeOf: (name) => `Ondoa ${name}`,
    removeTitle: (name) => `Umwondoe ${name}?`,
    removeText:
      'Hataona tena chochote cha biashara hii, baada ya sekunde chache, hata mahali alipoingia. ' +
      'Funguo za API alizotengeneza zinaendelea kufanya kazi: zifute kando.',
    removed: (name) => `${name} ameondolewa.`,
    leave: 'Toka',
    leaveTitle: (merchant) => `Utoke kwenye ${merchant}?`,
    leaveText: 'Hutaona tena chochote cha biashara hii, hadi mmiliki akualike tena.',
    lastOwner: 'Mmiliki wa mwisho hubaki mmiliki. Mpe mtu mwingine umiliki kwanza.',
    ownRoleTitle: 'Ubadilishe jukumu lako mwenyewe?',
    ownRoleText: 'Hutaweza kulirudisha mwenyewe: ni mmiliki mwingine atakayelirudisha.',
    ownRoleAct: 'Badilisha jukumu langu',
    invitations: 'Mialiko inayosubiri',
    noInvitations: 'Hakuna. Aliyealikwa huonekana hapa hadi mwaliko utumike au upitwe na wakati.',
    invitedBy: (name) => `na ${name}`,
    expires: 'Mwisho wake',
    cancelInvitation: 'Futa',
    cancelOf: (email) => `Futa mwaliko wa ${email}`,
    cancelTitle: (email) => `Ufute mwaliko wa ${email}?`,
    cancelText: 'Kiungo chake kitaacha kufanya kazi mara moja.',
    canceled: (email) => `Mwaliko wa ${email} umefutwa.`,
    newLink: 'Kiungo kipya',
    newLinkOf: (email) => `Tengeneza kiungo kipya cha ${email}`,
    sendAgain: 'Tuma tena',
    sendAgainOf: (email) => `Tuma tena mwaliko wa ${email}`,
    inviteTitle: 'Mwalike mtu',
    inviteAbout: 'Atapata barua pepe yenye kiungo.',
    inviteAboutNoMail: 'Mfumo huu hautumi barua pepe: utapata kiungo cha kumpa mwenyewe.',
    send: 'Tuma mwaliko',
    makeLink: 'Tengeneza kiungo',
    sent: (email) => `Mwaliko uko njiani kwenda kwa ${email}.`,
    notSent: (email) =>
      `Barua pepe kwa ${email} haikutumwa: kumbukumbu za mfumo zinaeleza sababu. Mwaliko unasubiri hapa ` +
      'chini, ambako unaweza kuutuma tena.',
    linkTitle: (email) => `Kiungo cha ${email}`,
    linkText: 'Mpe yeye pekee: kinaonyeshwa mara moja, kinatumika mara moja, na kwa barua pepe hii tu.',
    link: 'Kiungo cha mwaliko',
    done: 'Sawa',
    roles: 'Kila jukumu linaruhusu nini',
    roleTexts: {
      owner: 'Kila kitu: pia timu, mipangilio, na data ya wateja inayohifadhiwa.',
      developer: 'Malipo na kuyapakua, funguo za API, webhooks, paybill na till, na kumbukumbu.',
      support: 'Anatafuta malipo na la kumwambia mteja. Haoni funguo, webhooks wala upakuaji.',
    },
  },
}
