// `npm run build`: writes the generated files, the same bytes for the same sources, and builds the dashboard.
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { renderEnvExample } from '../src/config-table.ts'
import { buildOpenApiDocument } from '../src/http/openapi-document.ts'

/** Every generated file: where it lies, from the project's root, and what makes its text. */
const GENERATED: { path: string; render: () => string | Promise<string> }[] = [
  { path: '.env.example', render: renderEnvExample },
  { path: 'docs/openapi.json', render: renderOpenApi },
]

for (const { path, render } of GENERATED) {
  await writeFile(new URL(`../${path}`, import.meta.url), await render())
}

// By itself, as `npm start` does it: plain JavaScript that runs before anything is installed.
const prepare = fileURLToPath(new URL('prepare.mjs', import.meta.url))
process.exitCode = spawnSync(process.execPath, [prepare, 'build'], { stdio: 'inherit' }).status ?? 1

async function renderOpenApi(): Promise<string> {
  return `${JSON.stringify(await buildOpenApiDocument(), null, 2)}\n`
}
