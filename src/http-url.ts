// Where something listens, as a URL.

/** `http://host:port`; an address of IPv6 stands in brackets (RFC 3986, section 3.2.2). */
export function httpUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
