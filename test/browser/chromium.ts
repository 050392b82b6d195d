// Finds a Chromium to test in: one that is named, the one that npm brought, or the machine's own Chrome.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inflate } from '@sparticuz/chromium'

/** A browser's program, and what it needs in its environment. */
export type Chromium = { path: string; env: Record<string, string> }

const PACKED = fileURLToPath(new URL('node_modules/@sparticuz/chromium/bin/', import.meta.url))
/** With the packages, so that another version of them begins anew. */
const CACHE = fileURLToPath(new URL('node_modules/.cache/', import.meta.url))
const UNPACKED = join(CACHE, 'chromium')
/** The packed one is made for servers of one kind. */
const RUNS_PACKED = process.platform === 'linux' && process.arch === 'x64'
const INSTALLED = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** The browser of this machine; unpacks it at the first call. Rejects with what to do when there is none. */
export async function findChromium(): Promise<Chromium> {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined && named !== '') return { path: named, env: {} }
  if (RUNS_PACKED) return unpack()
  const installed = INSTALLED.find((path) => existsSync(path))
  if (installed !== undefined) return { path: installed, env: {} }
  throw new Error('there is no Chromium here: install Chrome, or name a Chromium by CHROMIUM_PATH')
}

/** Several processes may come at once: each unpacks for itself, and the first one's is what all then use. */
async function unpack(): Promise<Chromium> {
  if (!existsSync(UNPACKED)) {
    await mkdir(CACHE, { recursive: true })
    const folder = await mkdtemp(join(CACHE, 'unpacking-'))
    await unpackInto(folder)
    await rename(folder, UNPACKED).catch(() => rm(folder, { recursive: true }))
  }
  const libraries = join(UNPACKED, 'al2023', 'lib')
  return {
    path: join(UNPACKED, 'chromium'),
    env: {
      FONTCONFIG_PATH: join(UNPACKED, 'fonts'),
      ...(existsSync(libraries) ? { LD_LIBRARY_PATH: libraries } : {}),
    },
  }
}

async function unpackInto(folder: string): Promise<void> {
  const { TMPDIR } = process.env
  // The package unpacks into the folder for temporary files, wherever that is.
  process.env.TMPDIR = folder
  try {
    await Promise.all(['chromium.br', 'fonts.tar.br', 'al2023.tar.br'].map((name) => inflate(PACKED + name)))
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  }
  await writeFile(join(folder, 'fonts', 'fonts.conf'), fontSettings())
  // Where the system has the libraries of its own, those fit it better than the ones that were brought.
  const isWhole = spawnSync(join(folder, 'chromium'), ['--version']).status === 0
  if (isWhole) await rm(join(folder, 'al2023'), { recursive: true })
}

/** The font that was brought, which a machine without any needs, after the machine's own. */
function fontSettings(): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(UNPACKED, 'fonts')}</dir>
  <cachedir>${join(CACHE, 'fonts')}</cachedir>
</fontconfig>
`
}
