import Glibc
import Model

/// A folder for socket files, gone with all of them when the test ends.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/reactor-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "mkdtemp: \(errno)")
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        for name in ["a", "b"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// A socket address in it; `a` or `b`.
    func address(_ name: String = "a") -> Address { .unix(path: "\(path)/\(name)") }
}
