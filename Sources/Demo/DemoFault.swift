/// What is wrong with an endpoint.
public enum DemoFault: String, Equatable, Sendable, CaseIterable {
    /// Nothing: it answers.
    case none
    /// As after kill -9: connections are reset, new ones refused.
    case killed
    /// As behind a cut line: connections stay and are made, nothing is read and no answer leaves.
    case swallowing
}
