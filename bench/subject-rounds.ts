// Rounds over several subjects: by turns, each round beginning with another, so that whatever else the
// machine does meets all of them alike.

/** What was measured of each subject, a value a round. */
export type Measured<Value> = { subject: string; connections: number; rounds: Value[] }[]

/** How often, of whom, and with how many connections. */
export type RoundPlan<Subject> = {
  rounds: number
  connections: readonly number[]
  subjects: readonly Subject[]
  say(text: string): void
}

/** Warms all subjects up, then measures each in each round; resolves in the order of the plan. */
export async function runSubjectRounds<Subject extends { name: string }, Value>(
  plan: RoundPlan<Subject>,
  measure: (subject: Subject, connections: number, isWarmUp: boolean) => Promise<Value>,
): Promise<Measured<Value>> {
  const [first = 1] = plan.connections
  plan.say('warming up')
  for (const subject of plan.subjects) await measure(subject, first, true)
  const places = plan.connections.flatMap((connections) =>
    plan.subjects.map((subject) => ({ subject, connections, rounds: [] as Value[] })),
  )
  for (let round = 0; round < plan.rounds; round += 1) {
    plan.say(`round ${round + 1} of ${plan.rounds}`)
    for (const place of rotate(places, round)) {
      place.rounds.push(await measure(place.subject, place.connections, false))
    }
  }
  return places.map(({ subject, connections, rounds }) => ({ subject: subject.name, connections, rounds }))
}

function rotate<Item>(items: readonly Item[], by: number): Item[] {
  const at = by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}
