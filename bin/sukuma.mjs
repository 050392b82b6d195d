#!/usr/bin/env node
// The command: `sukuma start`, `sukuma keys list`, … Plain JavaScript for any Node >= 18, because it runs
// before anything is installed; it installs what is missing and goes on under the pinned Node.
import { join } from 'node:path'
import { installPackages } from './bootstrap/install.mjs'
import { launch } from './bootstrap/launch.mjs'
import { projectDir } from './bootstrap/project.mjs'

await installPackages({ development: false })
// Whatever the caller's working directory is, it becomes the project's: ./data must always be the same data.
await launch([join(projectDir, 'src', 'cli', 'main.ts'), ...process.argv.slice(2)], { cwd: projectDir })
