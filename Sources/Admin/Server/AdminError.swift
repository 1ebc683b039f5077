/// Why the admin API cannot listen: where, and what to do.
public struct AdminError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
