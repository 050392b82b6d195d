// Compresses built files once, so that no request waits for it: beside each its brotli and gzip form.
import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** What text is; pictures and fonts are compressed already. */
const TEXT = /\.(html|js|css|svg|json|txt|webmanifest)$/
/** Smaller ones fit one packet as they are. */
const BYTES_MIN = 1024
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
const GZIP = { level: constants.Z_BEST_COMPRESSION }

const compressors = [
  ['.br', (body) => promisify(brotliCompress)(body, BROTLI)],
  ['.gz', (body) => promisify(gzip)(body, GZIP)],
]

/** Writes the compressed forms of all text files below `folder`, where they are smaller. */
export async function compressFiles(folder) {
  await Promise.all(listFiles(folder).map(compressFile))
}

async function compressFile(path) {
  const body = await readFile(path)
  if (body.length < BYTES_MIN) return
  for (const [ending, compress] of compressors) {
    const compressed = await compress(body)
    if (compressed.length < body.length) await writeFile(`${path}${ending}`, compressed)
  }
}

function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return listFiles(path)
    return entry.isFile() && TEXT.test(entry.name) ? [path] : []
  })
}
