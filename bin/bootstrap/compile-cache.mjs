// Loaded into the program before its own code: what Node makes of the sources (types taken out, compiled) is
// kept for the next start, which so does without the TypeScript reader and its 25 MB.
import module from 'node:module'
import { join } from 'node:path'
import { projectDir } from './project.mjs'

// Beside the packages, not in the system's temporary folder: what others could write there would be run.
// A Node before 22.1 has no cache; a folder that cannot be written to costs nothing but the gain.
module.enableCompileCache?.(join(projectDir, 'node_modules', '.cache', 'compiled'))
