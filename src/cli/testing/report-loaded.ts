// Loaded into a program before its own code: at its end it writes a line of JSON to standard error with all
// that it has loaded, by address.
import { writeSync } from 'node:fs'
import { registerHooks } from 'node:module'
import process from 'node:process'

const STANDARD_ERROR = 2

const loaded = new Set<string>()
registerHooks({
  load(url, context, nextLoad) {
    loaded.add(url)
    return nextLoad(url, context)
  },
})
process.once('exit', () => {
  const builtin = 'moduleLoadList' in process ? process.moduleLoadList : []
  const own = Array.isArray(builtin) ? builtin.map(String) : []
  writeSync(STANDARD_ERROR, `${JSON.stringify({ loaded: [...loaded, ...own] })}\n`)
})
