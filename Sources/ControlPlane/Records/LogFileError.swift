import Glibc

/// The access log cannot be opened.
public struct LogFileError: Error, Equatable, Sendable, CustomStringConvertible {
    public let path: String
    /// errno.
    public let code: Int32

    public var description: String {
        let remedy =
            code == ENXIO
            ? "nobody reads the pipe: start its reader first"
            : "make its folder, or give the process the right to write there"
        return "cannot open the access log \(path): \(String(cString: strerror(code))); \(remedy)"
    }
}
