/// Names that have no usable address. A configuration with one of them is not applied.
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

    public var description: String {
        let list = failures.map { "\($0.name) (\($0.reason))" }.joined(separator: ", ")
        return "cannot resolve \(list): give an address, or a name that DNS or /etc/hosts knows"
    }
}
