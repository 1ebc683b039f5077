import Model
import Policy

/// The last minute's decisions with all that deciding them again takes.
struct WhatIf: Sendable {
    let requests: [ReplayedRequest]
    /// Of how many that there were.
    let seen: UInt64
    let generations: GenerationLog

    /// What they would have met over a snapshot of this process.
    func run(over snapshot: Snapshot) -> Status.WhatIf {
        var worlds: [UInt64: ReplayWorld] = [:]
        var replay = DecisionReplay()
        var tally = ReplayTally()
        for request in requests {
            let generation = request.decision.generation
            guard let known = generations.known(generation) else { continue }
            let world =
                worlds[generation]
                ?? ReplayWorld(snapshot, former: known.former, formerRoutes: known.layout.routes, ids: .same)
            worlds[generation] = world
            let outcome = replay.decide(request, world)
            tally.add(outcome, of: request, from: { known.layout.place(of: request.decision) }, snapshot)
        }
        return Status.WhatIf(
            sampled: tally.decided, requests: seen, different: tally.elsewhere + tally.otherEndpoint,
            refused: tally.refused, moves: tally.moves)
    }
}
