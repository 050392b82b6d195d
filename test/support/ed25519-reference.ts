// A second reading of ed25519 (RFC 8032, section 5.1), slow and independent of Node's, to check
// signatures by.
import { createHash } from 'node:crypto'

type Point = readonly [x: bigint, y: bigint, z: bigint, t: bigint]

const P = 2n ** 255n - 19n
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n
const BYTES = 32

function mod(value: bigint): bigint {
  const rest = value % P
  return rest < 0n ? rest + P : rest
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = mod(b * b)) {
    if (e & 1n) result = mod(result * b)
  }
  return result
}

const D = mod(-121665n * power(121666n, P - 2n))
const SQRT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n)

function add(a: Point, b: Point): Point {
  const [e1, e2] = [mod((a[1] - a[0]) * (b[1] - b[0])), mod((a[1] + a[0]) * (b[1] + b[0]))]
  const [c, d] = [mod(2n * a[3] * b[3] * D), mod(2n * a[2] * b[2])]
  const [e, f, g, h] = [e2 - e1, d - c, d + c, e2 + e1]
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)]
}

function multiply(scalar: bigint, point: Point): Point {
  let result: Point = [0n, 1n, 1n, 0n]
  for (let s = scalar, q = point; s > 0n; s >>= 1n, q = add(q, q)) if (s & 1n) result = add(result, q)
  return result
}

function isEqual(a: Point, b: Point): boolean {
  return mod(a[0] * b[2] - b[0] * a[2]) === 0n && mod(a[1] * b[2] - b[1] * a[2]) === 0n
}

/** Little-endian. */
function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}

function recoverX(y: bigint, sign: bigint): bigint | null {
  if (y >= P) return null
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n))
  if (square === 0n) return sign === 1n ? null : 0n
  let x = power(square, (P + 3n) / 8n)
  if (mod(x * x - square) !== 0n) x = mod(x * SQRT_OF_MINUS_ONE)
  if (mod(x * x - square) !== 0n) return null
  return (x & 1n) === sign ? x : P - x
}

function decompress(bytes: Uint8Array): Point | null {
  const number = toNumber(bytes)
  const y = number & (2n ** 255n - 1n)
  const x = recoverX(y, number >> 255n)
  return x === null ? null : [x, y, 1n, mod(x * y)]
}

const BASE_Y = mod(4n * power(5n, P - 2n))
const BASE_X = recoverX(BASE_Y, 0n) ?? 0n
const BASE: Point = [BASE_X, BASE_Y, 1n, mod(BASE_X * BASE_Y)]

/** True when `signature` (64 bytes) is that of `message` by the owner of `publicKey` (32 bytes). */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== BYTES || signature.length !== 2 * BYTES) return false
  const encodedR = signature.subarray(0, BYTES)
  const [a, r] = [decompress(publicKey), decompress(encodedR)]
  const s = toNumber(signature.subarray(BYTES))
  if (a === null || r === null || s >= ORDER) return false
  const hash = createHash('sha512').update(encodedR).update(publicKey).update(message).digest()
  return isEqual(multiply(s, BASE), add(r, multiply(toNumber(hash) % ORDER, a)))
}
