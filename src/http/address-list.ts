// A list of networks, and whether an address is in one of them.
import { BlockList, isIP } from 'node:net'

/** Networks in CIDR form. */
export type AddressList = { includes(ip: string): boolean }

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** The list of `networks`; each must be a valid address or CIDR network (the configuration checks that). */
export function createAddressList(networks: readonly string[]): AddressList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family)
  }
  return {
    includes(ip) {
      const plain = MAPPED.exec(ip)?.[1] ?? ip
      const version = isIP(plain)
      return version !== 0 && list.check(plain, version === 6 ? 'ipv6' : 'ipv4')
    },
  }
}
