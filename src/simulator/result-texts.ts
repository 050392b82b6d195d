// The words of each ResultCode. Daraja words the same code differently in a callback and in a query.

/** What both channels call one code. */
type ResultTexts = { callback: string; query: string }

const TEXTS: ReadonlyMap<string, ResultTexts> = new Map([
  texts(
    '0',
    'The service request is processed successfully.',
    'The service request is processed successfully.',
  ),
  texts(
    '1',
    'The balance is insufficient for the transaction.',
    'The balance is insufficient for the transaction',
  ),
  texts(
    '2',
    'Declined due to limit rule: less than the minimum transaction amount.',
    'Less than minimum amount',
  ),
  texts(
    '3',
    'Declined due to limit rule: more than the maximum transaction amount.',
    'More than maximum amount',
  ),
  texts(
    '4',
    'Declined due to limit rule: would exceed daily transfer limit.',
    'Would exceed daily transfer limit',
  ),
  texts('8', 'Declined due to limit rule: would exceed the maximum balance.', 'Would exceed maximum balance'),
  texts('17', 'Rule limited.', 'System internal error: rule limited'),
  texts('26', 'System busy. The service request is rejected.', 'Traffic blocking condition in place'),
  texts('1001', 'Unable to lock subscriber, a transaction is already in process.', 'Subscriber is locked'),
  texts('1019', 'Transaction has expired', 'Transaction expired. No MO has been received'),
  texts('1025', 'An error occurred while sending a push request', 'Unable to send STK prompt'),
  texts('1032', 'Request cancelled by user', 'Request Cancelled by user.'),
  texts('1036', 'SMSC ACK timeout.', 'SMSC acknowledgement timed out'),
  texts('1037', 'No response from user.', 'DS timeout user cannot be reached.'),
  texts('2001', 'The initiator information is invalid.', 'The initiator information is invalid'),
  texts('2028', 'The request is not permitted according to product assignment', 'Product not assigned'),
  texts('4999', 'The transaction is still under processing', 'The transaction is still under processing'),
  texts('8006', 'The security credential is locked.', 'Security credential locked'),
  texts(
    '9999',
    'Request failed while sending the push request',
    'An error occurred while sending push request',
  ),
  texts('SFC_IC0003', 'The operator does not exist.', 'Operator does not exist'),
])

/** What the callback calls a code. `old` puts the prefix of 2017 before it. */
export function callbackText(resultCode: string, old: boolean): string {
  const text = TEXTS.get(resultCode)?.callback ?? `The transaction failed. Code ${resultCode}`
  return old && resultCode !== '0' ? `[STK_CB - ]${text}` : text
}

/** What the query calls a code. */
export function queryText(resultCode: string): string {
  return TEXTS.get(resultCode)?.query ?? `Transaction failed with code ${resultCode}`
}

function texts(code: string, callback: string, query: string): [string, ResultTexts] {
  return [code, { callback, query }]
}
