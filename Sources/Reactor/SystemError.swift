import Glibc

/// A system call that failed, with its errno.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name of the call: `bind`.
    public let call: StaticString
    /// Its errno, positive.
    public let code: Int32

    public init(call: StaticString, code: Int32) { (self.call, self.code) = (call, code) }

    public static func == (a: SystemError, b: SystemError) -> Bool {
        a.code == b.code && a.call.description == b.call.description
    }

    /// `bind: Address already in use (98)`.
    public var description: String { "\(call): \(String(cString: strerror(code))) (\(code))" }

    /// Passes on what a shim of CLinux returned, or throws its negative errno.
    @discardableResult
    static func check(_ result: Int32, _ call: StaticString) throws(SystemError) -> Int32 {
        guard result >= 0 else { throw SystemError(call: call, code: -result) }
        return result
    }
}
