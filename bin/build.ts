// `npm run build`: writes the generated files. The same sources always give the same bytes.
import { writeFile } from 'node:fs/promises'
import { renderEnvExample } from '../src/config-table.ts'

/** Every generated file: where it lies, from the project's root, and what makes its text. */
const GENERATED: { path: string; render: () => string | Promise<string> }[] = [
  { path: '.env.example', render: renderEnvExample },
]

for (const { path, render } of GENERATED) {
  await writeFile(new URL(`../${path}`, import.meta.url), await render())
}
