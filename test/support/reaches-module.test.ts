import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { filesThatReach } from './reaches-module.ts'
import { createTemporaryFolder } from './temporary-folder.ts'

test('a file reaches a module through others, around circles, and not by its packages', async () => {
  await using folder = await createTemporaryFolder()
  const path = (name: string) => join(folder.path, name)
  await writeFile(path('direct.ts'), "import { a } from './database.ts'")
  await writeFile(path('through.ts'), "import type { b } from './circle.ts'\nimport 'pg'")
  await writeFile(path('circle.ts'), "export * from './through.ts'\nconst x = await import('./direct.ts')")
  await writeFile(path('apart.ts'), "import { c } from './other.ts'\nimport { d } from 'database.ts'")
  const files = ['direct.ts', 'through.ts', 'apart.ts', 'database.ts'].map(path)
  const reached = ['direct.ts', 'through.ts', 'database.ts'].map(path)
  assert.deepEqual(await filesThatReach(files, path('database.ts')), reached)
})
