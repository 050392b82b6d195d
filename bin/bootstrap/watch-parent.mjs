// Loaded into the program before its own code: ends it when the process that launched it is gone.
import process from 'node:process'

/** A gateway that was asked to end needs at most 5 s; then it is hanging. */
const END_LIMIT_MS = 8000

if (process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.exit(1), END_LIMIT_MS).unref()
  })
  // Watching must not keep a program alive that has nothing more to do.
  process.channel.unref()
}
