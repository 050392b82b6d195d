// `sukuma merchants …`
import { prefixedId } from '../ids.ts'
import { listMerchants, type Merchant } from '../merchants/merchant-store.ts'
import { createMerchant } from '../merchants/merchants.ts'
import type { Command } from './command.ts'
import { cutList, LIMIT_OPTION, readLimit } from './list-limit.ts'
import { fieldErrors, printList, printOne, type Shown } from './output.ts'
import { record } from './record.ts'
import { openSession } from './session.ts'

function showMerchant(merchant: Merchant): Shown {
  return {
    id: prefixedId('mer', merchant.id),
    object: 'merchant',
    name: merchant.name,
    created_at: merchant.createdAt.toISOString(),
  }
}

const create: Command = {
  name: 'merchants create',
  summary: 'Makes a merchant: somebody who is paid, with shortcodes, keys and webhooks of their own.',
  options: { name: { value: 'NAME', doc: '1 to 100 characters.', required: true } },
  async run(io, args) {
    await using session = await openSession(io)
    const made = await createMerchant(session, { name: args.required('name') })
    if (made.code === 'invalid') throw fieldErrors(made.errors)
    const { id, name } = made.merchant
    const target = { id: prefixedId('mer', id), name }
    await record(session, io, { merchantId: id, live: null, action: 'merchant.created', target })
    printOne(io, args, showMerchant(made.merchant))
    return 0
  },
}

const list: Command = {
  name: 'merchants list',
  summary: 'Lists the merchants, newest first.',
  options: { limit: LIMIT_OPTION },
  async run(io, args) {
    const limit = readLimit(args)
    await using session = await openSession(io)
    const found = await listMerchants(session, { limit: limit + 1, before: null })
    const shown = cutList(io, found, limit).map(showMerchant)
    printList(io, args, shown, ['id', 'name', 'created_at'])
    return 0
  },
}

/** The commands of this group. */
export const merchantCommands: readonly Command[] = [create, list]
