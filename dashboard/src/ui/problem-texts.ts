// What the gateway's refusals mean to the one who reads them, by their stable codes. Those that are missing
// here are read as the gateway wrote them, in English.
import type { Texts } from '../texts/language.tsx'

type ProblemTexts = {
  byCode: Readonly<Record<string, string>>
  waitSeconds(seconds: number): string
}

export const problemTexts: Texts<ProblemTexts> = {
  en: {
    byCode: {
      invalid_email_or_password: 'This e-mail address and password do not go together.',
      invalid_password: 'That is not your password.',
      password_too_short: 'The password is too short.',
      password_too_long: 'The password is too long.',
      invalid_code: 'That code is not the one your app shows now. Wait for the next one and try again.',
      invalid_backup_code: 'That is none of your unused recovery codes.',
      invalid_two_factor_cookie: 'This took too long. Sign in again from the start.',
      invalid_token: 'This link has been used already, or is too old. Ask for a new one.',
      sign_up_closed: 'Accounts are made by invitation here. Ask an owner to invite you.',
      invitation_invalid: 'This invitation is for another e-mail address, or does not count any more.',
      user_already_exists_use_another_email:
        'There is an account with this e-mail address already. Sign in instead.',
      already_member: 'This person belongs to the team already.',
      invitation_limit: 'Too many invitations are waiting. Cancel some first.',
      last_owner: 'A merchant keeps at least one owner. Make somebody else an owner first.',
      not_found: 'This is gone: somebody may have changed it meanwhile.',
      forbidden_origin:
        'The gateway does not know this address as its own. Open the dashboard at its public address.',
      two_factor_not_enabled: 'Two-factor sign-in is not on.',
      totp_already_enabled: 'Two-factor sign-in is on already.',
      endpoint_limit: 'There are as many endpoints as there may be. Delete one first.',
      endpoint_disabled: 'The webhook is off. Switch it on first.',
      endpoint_deleted: 'The webhook of this delivery was deleted.',
      rotation_limit: 'Very many former secrets or keys of it still sign. Wait until one of them ends.',
      delivery_under_way: 'It is being sent right now. Look again in a moment.',
      duplicate_shortcode: 'This number is there already. Change its credentials on its own page.',
      no_daraja_address: 'The simulator is off here, so there is nobody to ask.',
      changed_meanwhile: 'Somebody changed it meanwhile. Try again.',
      unauthenticated: 'You have been signed out. Sign in again.',
    },
    waitSeconds: (seconds) =>
      seconds < 100
        ? `Too many tries. Try again in ${seconds} seconds.`
        : `Too many tries. Try again in ${Math.ceil(seconds / 60)} minutes.`,
  },
  sw: {
    byCode: {
      invalid_email_or_password: 'Barua pepe na nenosiri hili haziendani.',
      invalid_password: 'Hilo si nenosiri lako.',
      password_too_short: 'Nenosiri ni fupi mno.',
      password_too_long: 'Nenosiri ni refu mno.',
      invalid_code:
        'Nambari hiyo si ile inayoonyeshwa na programu yako sasa. Subiri inayofuata ujaribu tena.',
      invalid_backup_code: 'Hiyo si mojawapo ya nambari zako za dharura ambazo hazijatumika.',
      invalid_two_factor_cookie: 'Umechukua muda mrefu. Anza kuingia upya.',
      invalid_token: 'Kiungo hiki kimeshatumika au kimepitwa na wakati. Omba kingine.',
      sign_up_closed: 'Hapa akaunti hufunguliwa kwa mwaliko. Mwombe mmiliki akualike.',
      invitation_invalid: 'Mwaliko huu ni wa barua pepe nyingine, au hautumiki tena.',
      user_already_exists_use_another_email: 'Barua pepe hii tayari ina akaunti. Ingia badala yake.',
      already_member: 'Mtu huyu tayari yuko kwenye timu.',
      invitation_limit: 'Mialiko inayosubiri ni mingi mno. Futa mingine kwanza.',
      last_owner: 'Biashara lazima iwe na angalau mmiliki mmoja. Mpe mtu mwingine umiliki kwanza.',
      not_found: 'Hiki hakipo tena: huenda mtu amekibadilisha.',
      forbidden_origin: 'Mfumo hautambui anwani hii kuwa yake. Fungua dashibodi kwa anwani yake rasmi.',
      two_factor_not_enabled: 'Uthibitisho wa hatua mbili haujawashwa.',
      totp_already_enabled: 'Uthibitisho wa hatua mbili tayari umewashwa.',
      endpoint_limit: 'Webhooks zimefikia kikomo. Futa moja kwanza.',
      endpoint_disabled: 'Webhook imezimwa. Iwashe kwanza.',
      endpoint_deleted: 'Webhook ya tukio hili ilifutwa.',
      rotation_limit: 'Siri au funguo zake nyingi za awali bado zinatia saini. Subiri moja iishe.',
      delivery_under_way: 'Inatumwa sasa hivi. Angalia tena baada ya muda mfupi.',
      duplicate_shortcode: 'Nambari hii ipo tayari. Badilisha vitambulisho vyake kwenye ukurasa wake.',
      no_daraja_address: 'Mfumo wa majaribio umezimwa hapa, hivyo hakuna wa kuulizwa.',
      changed_meanwhile: 'Mtu mwingine amebadilisha wakati huo. Jaribu tena.',
      unauthenticated: 'Umeondolewa. Ingia tena.',
    },
    waitSeconds: (seconds) =>
      seconds < 100
        ? `Umejaribu mara nyingi mno. Jaribu tena baada ya sekunde ${seconds}.`
        : `Umejaribu mara nyingi mno. Jaribu tena baada ya dakika ${Math.ceil(seconds / 60)}.`,
  },
}
