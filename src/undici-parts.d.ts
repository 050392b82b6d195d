// The two parts of undici that are used, by themselves: its index loads all others too (fetch, caches,
// mocks), which take 5 MB of a gateway that has no use for them.
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici'
  export = Agent
}

declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici'
  export = buildConnector
}
