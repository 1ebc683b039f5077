public import Model

/// What keys a request of a route (routing.md, Weights, drains, sessions).
public enum KeySource: Sendable {
    /// Nothing: requests take turns.
    case none
    /// The producer's id.
    case producer
    /// The session that a token or cookie names, or a new one: no header keys such a route.
    case token
    /// The value of the route's `hash_by` header, where it is there.
    case header
}

extension RouteEntry {
    /// Its requests belong to sessions, or are keyed by a header.
    @inlinable public var keysRequests: Bool { sessions != .none || !hashBy.isEmpty }

    /// - Parameter producer: the value of the header that names producers.
    @inlinable public func keySource(producer: ByteView) -> KeySource {
        switch sessions {
        case .producer where !producer.isEmpty: .producer
        case .token, .cookie: .token
        case .producer, .none: hashBy.isEmpty ? .none : .header
        }
    }
}
