// Reading a JSON body: nothing is trusted, and numbers and strings are both text to Daraja.

/** A JSON object, its fields unread. */
export type JsonObject = { readonly [field: string]: unknown }

/** The object in a JSON text, or null when it holds anything else. */
export function parseJsonObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}

/** True for a JSON object; an array or null is none. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A field that Daraja takes as a number or a string, as text; empty when it is absent or anything else. */
export function textField(body: JsonObject, field: string): string {
  const value = Object.hasOwn(body, field) ? body[field] : undefined
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : ''
}
