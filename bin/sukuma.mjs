#!/usr/bin/env node
// The command: `sukuma start`, `sukuma keys list`, … Plain JavaScript for any Node >= 18, because it runs
// before anything is installed; it installs what is missing and goes on under the Node that package.json pins.
import { join } from 'node:path'
import { installPackages } from './bootstrap/install.mjs'
import { launch } from './bootstrap/launch.mjs'
import { projectDir } from './bootstrap/project.mjs'

await installPackages({ development: false })
// The project folder is the working directory whatever the caller's is: ./data must be the same data every time.
await launch([join(projectDir, 'src', 'cli', 'main.ts'), ...process.argv.slice(2)], { cwd: projectDir })
