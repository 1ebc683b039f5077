import Model
import Policy

/// Counts what a replay finds.
struct ReplayTally: Sendable {
    /// Decided again.
    private(set) var decided = 0
    /// The same region, cell and endpoint, or the same refusal.
    private(set) var same = 0
    /// Of the same: for another reason.
    private(set) var otherReason = 0
    private(set) var otherEndpoint = 0
    /// Another cell, or refused where it was not, or the other way round.
    private(set) var elsewhere = 0
    /// Served then, refused now.
    private(set) var refused = 0
    private(set) var unknown = 0
    private var flows: [Pair: Int] = [:]

    private struct Pair: Hashable {
        let from: String
        let to: String
    }

    /// - Parameter from: where it went, by name: places that are gone have no ids.
    mutating func add(
        _ outcome: DecisionReplay.Outcome, of request: ReplayedRequest, from: () -> String, _ snapshot: Snapshot
    ) {
        decided += 1
        if outcome.isUnknown { unknown += 1 }
        let (decision, former) = (outcome.decision, outcome.former)
        let wasRefused = request.decision.region == .none
        if wasRefused, decision.isRefused, decision.reason == request.decision.reason {
            same += 1
        } else if !wasRefused, !decision.isRefused, decision.cell == former.cell, decision.region == former.region {
            if decision.endpoint == former.endpoint { same += 1 } else { otherEndpoint += 1 }
            if decision.reason != request.decision.reason { otherReason += 1 }
        } else {
            elsewhere += 1
            if decision.isRefused, !wasRefused { refused += 1 }
            flows[Pair(from: from(), to: ReplayTally.name(of: decision, snapshot)), default: 0] += 1
        }
    }

    /// Most first, then by name.
    var moves: [Status.Flow] {
        flows.map { Status.Flow(from: $0.key.from, to: $0.key.to, requests: $0.value) }.sorted {
            ($1.requests, $0.from, $0.to) < ($0.requests, $1.from, $1.to)
        }
    }

    private static func name(of decision: Decision, _ snapshot: Snapshot) -> String {
        decision.isRefused
            ? decision.reason.name : "\(snapshot.name(of: decision.region))/\(snapshot.name(of: decision.cell))"
    }
}
