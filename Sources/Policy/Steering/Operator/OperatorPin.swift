public import Model

/// Where a tenant belongs, as an operator said it over the file.
public struct OperatorPin: Equatable, Sendable {
    /// An empty residency is the home's own jurisdiction.
    public var pin: Configuration.Pin
    public var reason: String
    public var who: String
    /// Nanoseconds since 1970: a pin has no expiry, so nothing is reckoned with it.
    public var setAt: UInt64
    public init(_ pin: Configuration.Pin, reason: String, who: String, setAt: UInt64) {
        (self.pin, self.reason, self.who, self.setAt) = (pin, reason, who, setAt)
    }
}
