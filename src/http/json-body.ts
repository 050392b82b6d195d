// Reading a JSON body strictly: valid UTF-8, no prototype keys, no key twice, no abyss of brackets. Two
// amounts in one body must not become whichever one the parser likes.
import type { FastifyInstance } from 'fastify'
import sjson from 'secure-json-parse'
import { addBodyReader } from './body-reader.ts'
import { HttpError } from './http-error.ts'

/** No body of ours nests deeper than three; a parser must not be led further. */
const DEPTH_MAX = 16
const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true })

/** Parses `bytes`, or throws the `HttpError` to answer with. */
export function readJsonBody(bytes: Buffer): unknown {
  const text = readUtf8(bytes)
  if (text.trim() === '') throw malformed('The body is empty; send JSON.')
  checkShape(text)
  try {
    return sjson.parse(text, null, { protoAction: 'error', constructorAction: 'error' })
  } catch (error) {
    throw malformed('The body is not valid JSON.', error)
  }
}

/** The text of `bytes`; throws the `HttpError` to answer with when they are no UTF-8. */
export function readUtf8(bytes: Buffer): string {
  try {
    return STRICT_UTF8.decode(bytes)
  } catch (error) {
    throw malformed('The body is not valid UTF-8.', error)
  }
}

/** What a scan of the text keeps for each open bracket: the keys so far, or null inside an array. */
type Open = Set<string> | null

/** Walks the text once for depth and repeated keys; broken JSON is left for the parser to refuse. */
function checkShape(text: string): void {
  const open: Open[] = []
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : null)
      if (open.length > DEPTH_MAX) throw malformed(`The body nests deeper than ${DEPTH_MAX} levels.`)
    } else if (character === '}' || character === ']') {
      open.pop()
    } else if (character === '"') {
      const end = endOfString(text, at)
      if (isKeyBefore(text, end)) noteKey(open.at(-1), text.slice(at, end))
      at = end - 1
    }
  }
}

/** White space looked over between a key and its colon; more than that no serialiser writes. */
const KEY_GAP_MAX = 16

function isKeyBefore(text: string, end: number): boolean {
  const next = text[end]
  // What serialisers write is told by one character.
  if (next === ':' || next === ',' || next === '}' || next === ']') return next === ':'
  return /^\s*:/.test(text.slice(end, end + KEY_GAP_MAX))
}

function noteKey(keys: Open | undefined, quoted: string): void {
  if (keys === undefined || keys === null) return
  const key = unquote(quoted)
  if (keys.has(key)) throw malformed(`The field ${quoted.slice(0, 80)} is given twice.`)
  keys.add(key)
}

/** `"\u0061"` and `"a"` are one key. */
function unquote(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return String(JSON.parse(quoted))
  } catch {
    return quoted
  }
}

/** The index behind the closing quote of the string that opens at `at`. */
function endOfString(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1
    else if (text[end] === '"') return end + 1
  }
  return text.length
}

function malformed(text: string, cause?: unknown): HttpError {
  return new HttpError('malformed_body', text, { cause })
}

/** Lets the routes below `app` take JSON and nothing else. */
export function takeJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  addBodyReader(app, 'application/json', readJsonBody)
}
