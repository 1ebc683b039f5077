public import ControlPlane

/// `GET /v1/tokens`.
public struct TokenList: Codable, Equatable, Sendable {
    /// Oldest first.
    public var tokens: [Status.Token]
    /// What `?after=` takes to go on; absent at the end.
    public var next: String?
    public init(tokens: [Status.Token], next: String? = nil) { (self.tokens, self.next) = (tokens, next) }
}
