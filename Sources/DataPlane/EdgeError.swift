import Glibc
import Model
import Reactor

/// Why the data plane could not start or take a new configuration: what, where, and what to do.
public struct EdgeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Name of the listener it is about; nil: the process.
    public let listener: String?
    public let description: String

    init(listener: String?, _ description: String) {
        self.listener = listener
        self.description = listener.map { "listener \($0): \(description)" } ?? description
    }

    init(_ listener: Configuration.Listener, _ error: SystemError) {
        self.init(
            listener: listener.name,
            "cannot listen on \(listener.address): \(error): \(EdgeError.remedy(for: error.code))")
    }

    /// What an operator can do about an errno of a socket's.
    static func remedy(for code: Int32) -> String {
        switch code {
        case EADDRINUSE: "another process holds the address: ss -lntp names it"
        case EADDRNOTAVAIL: "this machine has no such address: ip address lists those it has"
        case EACCES, EPERM: "this user may not: ports below 1024 need CAP_NET_BIND_SERVICE, a path a folder to write to"
        case ENOENT: "the folder of the path does not exist: make it"
        case EMFILE, ENFILE: "no descriptor is left: raise the hard limit (LimitNOFILE=)"
        default: "give another address"
        }
    }
}
