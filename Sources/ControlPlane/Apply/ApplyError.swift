/// Why a configuration was not applied; what was in force before still is.
public struct ApplyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Each in words for an operator, with what to do; never empty.
    public let reasons: [String]
    public init(reasons: [String]) { self.reasons = reasons }
    public var description: String { reasons.joined(separator: "; ") }
}
