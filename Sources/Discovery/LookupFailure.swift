/// Why a name, or a file, has no addresses.
public struct LookupFailure: Error, Equatable, Sendable {
    public let reason: String
    /// Somebody who knows said so, rather than nobody saying anything.
    public let isFinal: Bool

    public init(reason: String, isFinal: Bool = false) { (self.reason, self.isFinal) = (reason, isFinal) }

    static let noAddress = LookupFailure(reason: "no address", isFinal: true)
}
