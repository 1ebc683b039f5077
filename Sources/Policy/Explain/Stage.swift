/// The stages of routing.md, by their numbers.
public enum Stage: Int, Sendable, CaseIterable {
    case residency = 1
    case ownership, xRegion, session, fitness, latency, cell, endpoint

    public var name: String {
        switch self {
        case .residency: "residency"
        case .ownership: "ownership"
        case .xRegion: "x-region"
        case .session: "session"
        case .fitness: "fitness"
        case .latency: "latency"
        case .cell: "cell"
        case .endpoint: "endpoint"
        }
    }
}
