// Addresses that cannot be decoded. Left to the router they would be answered in its own shape; so they are
// made into addresses that can, at which the surface finds nothing.
const PERCENT = /%/g

/** `url` as it is, or with every `%` of its path escaped when the path decodes to no UTF-8. */
export function decodableUrl(url: string): string {
  if (!url.includes('%')) return url
  const queryAt = url.indexOf('?')
  const path = queryAt === -1 ? url : url.slice(0, queryAt)
  return isDecodable(path) ? url : path.replace(PERCENT, '%25') + url.slice(path.length)
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
