/// Why the data plane could not start or take a new configuration: what, where, and what to do.
public struct EdgeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Name of the listener it is about; nil: the process.
    public let listener: String?
    public let description: String

    init(listener: String?, _ description: String) {
        self.listener = listener
        self.description = listener.map { "listener \($0): \(description)" } ?? description
    }
}
