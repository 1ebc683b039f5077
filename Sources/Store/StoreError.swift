import Glibc

/// State cannot be read or written: which file, why, and what to do.
public struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of failure, for the HTTP status: `full` is 507, the others 503.
    public enum Kind: Sendable { case full, readOnly, unavailable }
    public let kind: Kind
    public let path: String
    public let what: String

    public var description: String { "\(path): \(what)" }

    public init(path: String, _ what: String, kind: Kind = .unavailable) {
        (self.path, self.what, self.kind) = (path, what, kind)
    }

    /// - Parameter code: errno.
    init(path: String, cannot verb: String, code: Int32) {
        let failure = "cannot be \(verb): \(String(cString: strerror(code)))"
        switch code {
        case ENOSPC, EDQUOT: self.init(path: path, "\(failure); \(StoreError.freeSpace)", kind: .full)
        case EROFS: self.init(path: path, "\(failure); \(StoreError.remount)", kind: .readOnly)
        default:
            self.init(
                path: path,
                "\(failure); give the process the right to read and write its folder, or choose another path for state")
        }
    }

    /// With what came of the way around it.
    func adding(_ other: StoreError) -> StoreError {
        other == self ? self : StoreError(path: path, "\(what); to go on without writing: \(other)", kind: kind)
    }

    static let freeSpace = "free space on its disk: nothing else is needed, the next write is tried as usual"
    static let remount = "mount its file system for writing, or choose another path for state"
}
