import Glibc
import Model
import Testing

@testable import Reactor

struct SocketFileTests {
    @Test("removes its own file, and no other")
    func removes() throws {
        let folder = TemporaryFolder()
        guard case .unix(let path) = folder.address() else { return #expect(Bool(false), "not a path") }
        #expect(SocketFile(path: path) == nil)
        try Socket.listen(on: folder.address(), reusePort: false, backlog: 1).close()
        let first = try #require(SocketFile(path: path))
        // Its successor is made before it goes, so that it cannot have the same number.
        try Socket.listen(on: folder.address("b"), reusePort: false, backlog: 1).close()
        #expect(rename(folder.path + "/b", path) == 0)
        let second = try #require(SocketFile(path: path))
        first.remove()
        #expect(access(path, F_OK) == 0)
        second.remove()
        #expect(access(path, F_OK) != 0)
        second.remove()
    }
}
