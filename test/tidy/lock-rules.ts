// The lock file must name every package of every platform: npm ci refuses it otherwise, on all of them.
// A lock file made on one machine, or with a registry that lacks some platforms, easily is not.

type LockedPackage = { dependencies?: object; optionalDependencies?: object }

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

/** Where Node looks for a package's dependencies: in its own folder, then in each folder above. */
function foldersAbove(path: string): string[] {
  const folders = path === '' ? [] : [`${path}/`]
  for (let at = path.lastIndexOf('node_modules/'); at > 0; at = path.lastIndexOf('node_modules/', at - 1)) {
    folders.push(path.slice(0, at))
  }
  return [...folders, '']
}
