// The pages that the `type` of a problem leads to: what a code means and what to do, readable offline.
import type { ProblemCode } from './v1/problem.ts'
import { PROBLEM_STATUS, PROBLEM_TITLES } from './v1/problem.ts'

type Explanation = { meaning: string; remedy: string }

/** A new code does not compile until it is explained here. */
const EXPLANATIONS: Record<ProblemCode, Explanation> = {
  unauthenticated: {
    meaning:
      'The request carried no API key, or one that is unknown, revoked or expired. All four look alike.',
    remedy: 'Send a valid key as x-api-key, X-API-Token or Authorization: Bearer.',
  },
  forbidden: {
    meaning: 'The key is valid, but lacks the scope for this, or asks for more than it has itself.',
    remedy: 'Use a key with the scope that the detail names.',
  },
  not_found: {
    meaning: 'There is nothing at this address, or nothing of yours: test keys do not see live things.',
    remedy: 'Check the id, and that the key is of the right side, test or live.',
  },
  malformed_body: {
    meaning: 'The body is no JSON object, is not UTF-8, has a field twice, or nests too deep.',
    remedy: 'Send one JSON object, as your JSON library writes it.',
  },
  unsupported_media_type: {
    meaning: 'The body came with a content type that is not taken here.',
    remedy: 'Send JSON with Content-Type: application/json.',
  },
  body_too_large: {
    meaning: 'The body is larger than 64 KiB.',
    remedy: 'Send less; metadata is for labels.',
  },
  headers_too_large: {
    meaning: 'The address of the request and its headers are larger than 16 KiB.',
    remedy: 'Send fewer headers, and a shorter address.',
  },
  invalid: {
    meaning: 'One or more fields or parameters are not as they must be. Nothing was done.',
    remedy: 'errors names every field at fault, with what would be right.',
  },
  bad_idempotency_key: {
    meaning: 'The Idempotency-Key is not 1 to 255 visible ASCII characters.',
    remedy: 'Use a UUID, or your own order number with a count of its tries.',
  },
  idempotency_conflict: {
    meaning: 'This Idempotency-Key has made a payment before, by a request that differs from this one.',
    remedy: 'Use a new key for a new payment, and the same body when you try again.',
  },
  idempotency_in_progress: {
    meaning: 'The first request with this Idempotency-Key is still being answered.',
    remedy: 'Send the same request again in a moment.',
  },
  no_shortcode: {
    meaning: 'The key has no enabled shortcode to be paid through, or not the one that was named.',
    remedy: 'Add or enable a paybill or till, or name one of yours. Nothing was sent.',
  },
  rate_limited: {
    meaning:
      'Too many requests of one key, or too many streams, are under way at once; or too many requests came ' +
      'from your address with keys that are not valid.',
    remedy: 'Come again after the seconds in Retry-After.',
  },
  unavailable: {
    meaning:
      'The gateway cannot use its database. A request for a payment that reads this has sent nothing to ' +
      'anybody; an earlier try of it may have.',
    remedy:
      'Send the same request again after the seconds in Retry-After, with the same Idempotency-Key if it ' +
      'had one.',
  },
  mpesa_unavailable: {
    meaning:
      'M-Pesa takes no more requests for this shortcode right now, or cannot be reached. Nothing was sent.',
    remedy: 'Send the same request again after the seconds in Retry-After; a new try is safe.',
  },
  timeout: {
    meaning: 'The request did not arrive whole in time.',
    remedy: 'Send it again, with the same Idempotency-Key.',
  },
  internal: {
    meaning: 'A fault on our side. It was logged under the request_id.',
    remedy: 'Try again with the same Idempotency-Key, and tell the operator the request_id.',
  },
  endpoint_disabled: {
    meaning: 'The webhook endpoint is disabled: by you, by its own answer 410, or after days of failures.',
    remedy: 'Enable it: PATCH it with {"status":"enabled"}. Then replay what it has missed.',
  },
  endpoint_deleted: {
    meaning: 'The endpoint of this delivery was deleted.',
    remedy: 'Add an endpoint, and replay to that one.',
  },
  endpoint_limit: {
    meaning: 'This side of the merchant has as many webhook endpoints as it can have.',
    remedy: 'Delete one that is no longer needed.',
  },
  rotation_limit: {
    meaning: 'Five former secrets or keys of the webhook endpoint sign along still, each until its own time.',
    remedy: 'Rotate again once one has ended, or with {"overlap":0}, which ends all of them at once.',
  },
  delivery_under_way: {
    meaning: 'The delivery is being attempted at this moment.',
    remedy: 'Read it again in a moment; try again if it failed.',
  },
  duplicate_shortcode: {
    meaning: 'The merchant has this shortcode already, enabled, in this environment.',
    remedy: 'Change the one that the detail names.',
  },
  credentials_refused: {
    meaning: 'Daraja gave no token for the consumer key and secret of this shortcode.',
    remedy: 'Compare them with those of your app on the Daraja portal, for the same environment.',
  },
  no_daraja_address: {
    meaning: 'This gateway knows no Daraja for the environment of the shortcode: the simulator is off.',
    remedy: 'Start the gateway with SIMULATOR_PORT, or use a sandbox shortcode.',
  },
  changed_meanwhile: {
    meaning: 'Somebody else changed the same thing while this request was under way.',
    remedy: 'Read it again, then try again.',
  },
  key_replaced: {
    meaning: 'The key has a successor already, and works until its overlap ends, if it still does.',
    remedy:
      'Use the successor, which the detail names. If its text was lost, replace the successor, or make a ' +
      'new key: signed in, or by a key that may do and lasts as much.',
  },
}

/** True when `code` has a page. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(EXPLANATIONS, code)
}

const STYLE = `
  body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; }
  h1 { line-height: 1.25; } dt { font-weight: 600; margin-top: 1rem; } dd { margin: 0; }
  @media (prefers-color-scheme: dark) { body { background: #16181b; color: #e6e6e6; } a { color: #8ab8ff; } }
`

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
}

/** The page of one code. */
export function renderErrorPage(code: ProblemCode): string {
  const { meaning, remedy } = EXPLANATIONS[code]
  return page(
    `${code}: ${PROBLEM_TITLES[code]}`,
    `<p><a href="../errors">All errors</a></p>
<h1>${escapeHtml(PROBLEM_TITLES[code])}</h1>
<p><code>${code}</code>, status ${PROBLEM_STATUS[code]}</p>
<dl>
<dt>What it means</dt><dd>${escapeHtml(meaning)}</dd>
<dt>What to do</dt><dd>${escapeHtml(remedy)}</dd>
</dl>`,
  )
}

/** The page of what is no code. */
export function renderUnknownErrorPage(): string {
  return page('Unknown error', '<h1>There is no such error</h1>\n<p><a href="../errors">All errors</a></p>')
}

/** The page of all codes. */
export function renderErrorIndex(): string {
  const rows = Object.keys(EXPLANATIONS)
    .filter(isProblemCode)
    .map(
      (code) =>
        `<li><a href="errors/${code}"><code>${code}</code></a>: ${escapeHtml(PROBLEM_TITLES[code])}</li>`,
    )
  return page(
    'Errors',
    `<p><a href="../docs">Reference</a></p>\n<h1>Errors</h1>\n<ul>\n${rows.join('\n')}\n</ul>`,
  )
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
