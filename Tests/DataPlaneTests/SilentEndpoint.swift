import Glibc
import Reactor

/// Listens and accepts nobody: requests to it stay open.
final class SilentEndpoint: @unchecked Sendable {
    let path: String
    private let folder: String
    private let socket: Socket

    init() throws {
        var template = Array("/tmp/portolan-silent-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(call: "mkdtemp", code: errno) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = folder + "/silent"
        socket = try Socket.listen(on: .unix(path: path), reusePort: false, backlog: 64)
    }

    deinit {
        unlink(path)
        rmdir(folder)
    }
}
