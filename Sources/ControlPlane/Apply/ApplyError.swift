/// Why a configuration was not applied; what was in force before still is.
public struct ApplyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Each in words for an operator, with what to do; never empty.
    public let reasons: [String]
    /// Where whoever asked had seen another generation: the one in force. The configuration itself was not judged.
    public let inForce: UInt64?

    public init(reasons: [String]) { (self.reasons, inForce) = (reasons, nil) }

    public init(staleIn generation: UInt64) {
        (reasons, inForce) = ([ChangeError.stale(inForce: generation).detail], generation)
    }

    public var description: String { reasons.joined(separator: "; ") }
}
