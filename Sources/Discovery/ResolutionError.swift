/// Names that have no usable address, nor had one before. A configuration with one of them is not applied.
public struct ResolutionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One name and why.
    public struct Failure: Equatable, Sendable {
        public let name: String
        /// As the system's resolver words it: "Name or service not known".
        public let reason: String
        public init(name: String, reason: String) { (self.name, self.reason) = (name, reason) }
    }

    /// In the order of the names; never empty.
    public let failures: [Failure]
    public init(failures: [Failure]) { self.failures = failures }

    /// Of those results that are no answer, or one without an address; nil where all are good.
    public init?(_ results: [String: Result<Answer, LookupFailure>]) {
        failures = results.sorted { $0.key < $1.key }.compactMap { name, result in
            switch result {
            case .success(let answer) where !answer.addresses.isEmpty: nil
            case .success: Failure(name: name, reason: LookupFailure.noAddress.reason)
            case .failure(let failure): Failure(name: name, reason: failure.reason)
            }
        }
        if failures.isEmpty { return nil }
    }

    public var description: String {
        let list = failures.map { "\($0.name) (\($0.reason))" }.joined(separator: ", ")
        return "cannot resolve \(list): give an address, or a name that DNS or /etc/hosts knows"
    }
}
