// A package that cannot be loaded for a while, as while somebody replaces the packages.
import { registerHooks } from 'node:module'

/** Makes every `import('name')` of this process fail, until it is restored. */
export function makeUnloadable(name: string): { restore(): void } {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier === name) throw new Error(`${name} cannot be loaded`)
      return next(specifier, context)
    },
  })
  return { restore: () => hooks.deregister() }
}
