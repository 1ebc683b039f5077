import Glibc

/// State cannot be read or written: which file, why, and what to do.
public struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    public let path: String
    public let what: String

    public var description: String { "\(path): \(what)" }

    init(path: String, _ what: String) { (self.path, self.what) = (path, what) }

    /// - Parameter code: errno.
    init(path: String, cannot verb: String, code: Int32) {
        self.init(
            path: path,
            "cannot be \(verb): \(String(cString: strerror(code))); give the process the right to read and write its "
                + "folder, or choose another path for state")
    }
}
