// What takes long to load and serves everybody from then on.

/** `load` at the first call; its result at every later one, unless it failed. */
export function createOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
}
