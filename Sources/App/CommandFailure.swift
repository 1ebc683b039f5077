import Glibc

/// Why a command ends with another exit code than 0; the message is one line and says what to do.
struct CommandFailure: Error, Equatable {
    /// interfaces.md, Commands.
    enum Code: Int32 {
        case refused = 1
        case usage = 2
        case unreachable = 3
    }
    let code: Code
    let message: String
    /// It may go well a moment later: the API has too much to do, or is stopping (429, 503).
    let passes: Bool
    init(_ code: Code, _ message: String, passes: Bool = false) {
        (self.code, self.message, self.passes) = (code, message, passes)
    }

    /// A file that the command line names cannot be read.
    static func unreadable(_ path: String) -> CommandFailure {
        let why = access(path, R_OK) == 0 ? "it is no file of text" : String(cString: strerror(errno))
        return CommandFailure(.usage, "cannot read \(path): \(why)")
    }
}
