/// What an endpoint is said to be, and who says so, for people.
public struct HealthWord: Equatable, Sendable {
    /// `up`, `down`, `ejected` or `unknown`.
    public let name: String
    /// Nil: the probes say so.
    public let cause: String?
    /// Until an ejection is over; nil for any other word.
    public let leftMilliseconds: UInt64?
    init(_ name: String, cause: String? = nil, leftMilliseconds: UInt64? = nil) {
        (self.name, self.cause, self.leftMilliseconds) = (name, cause, leftMilliseconds)
    }
}
