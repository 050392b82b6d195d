// `npm run build`: writes the generated files. The same sources always give the same bytes.
import { writeFile } from 'node:fs/promises'
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

async function renderOpenApi(): Promise<string> {
  return `${JSON.stringify(await buildOpenApiDocument(), null, 2)}\n`
}
