// Parts that end before the run does, and with it at the latest, should it be cut off.

/** Runs `work` with a stack of its own, which is disposed of after it, or with `stack`. */
export async function withOwnStack<Result>(
  stack: AsyncDisposableStack,
  work: (own: AsyncDisposableStack) => Promise<Result>,
): Promise<Result> {
  if (stack.disposed) throw new Error('the run was cut off')
  const own = stack.use(new AsyncDisposableStack())
  try {
    return await work(own)
  } finally {
    await own.disposeAsync()
  }
}
