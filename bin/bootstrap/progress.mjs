// Tells a person that something is being done, and for how long, while nothing else can be said.
import { say } from './project.mjs'

/** Shows `text` with the seconds gone, on a terminal; elsewhere once. */
export function showProgress(text) {
  if (!process.stderr.isTTY) {
    say(`${text} …`)
    return { stop() {} }
  }
  let seconds = 0
  const draw = () => process.stderr.write(`\r${text} … ${seconds} s `)
  draw()
  const timer = setInterval(() => {
    seconds += 1
    draw()
  }, 1000)
  return {
    stop() {
      clearInterval(timer)
      process.stderr.write('\r\u001b[K')
    },
  }
}
