// E-mail addresses as logs and audit trails show them.

/** `wanjiku@example.org` as `w******@example.org`: enough to recognise, too little to write to. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  if (at < 1) return '*'.repeat(Math.min(address.length, 8))
  return `${address[0]}******${address.slice(at)}`
}
