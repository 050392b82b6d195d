// Why a statement left a payment open, in words.
import type { OpenWhy } from './statement-match.ts'

/** One sentence a reason. */
export const OPEN_WHY_TEXTS: Record<OpenWhy, string> = {
  ambiguous: 'Transactions on the statement, or payments like this one, cannot be told apart.',
  too_recent: 'It was sent too lately for its absence from the statement to mean anything.',
  not_covered: 'The statement does not cover all of the time in which it could have been paid.',
  incomplete: 'Not all of the statement could be read, so its absence means nothing.',
  known_missing: 'Payments that M-Pesa said were paid are missing from the statement, so it is not trusted.',
  no_witness: 'Nothing on the statement is later than it, so the statement may not reach that far.',
  like_it: 'A transaction of the same amount and customer lies near it that no payment accounts for.',
  unknown_times: 'It cannot be told when the transactions on the statement were.',
}
