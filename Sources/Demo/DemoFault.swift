/// What is wrong with an endpoint.
public enum DemoFault: String, Equatable, Sendable, CaseIterable {
    /// Nothing: it answers.
    case none
    /// As after kill -9: connections are reset, new ones refused.
    case killed
    /// As in an orderly stop: GOAWAY, what has begun is answered, new connections are refused.
    case leaving
    /// As behind a cut line: connections stay and are made, nothing is read and no answer leaves.
    case swallowing

    /// Nobody listens.
    var refusesConnections: Bool { self == .killed || self == .leaving }
}
