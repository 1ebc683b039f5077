import Foundation
import Model
import Testing

@testable import Admin

struct AdminSocketTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "admin-\(UUID().uuidString.prefix(8))").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("a missing folder is made for its owner alone, parents too")
    func makesFolder() throws {
        try inFolder { (folder: String) throws in
            #expect(try AdminSocket(path: "\(folder)/a/b/edge.sock").prepare() == false)
            #expect(try mode("\(folder)/a/b") == 0o700)
            #expect(try mode("\(folder)/a") == 0o700)
        }
    }

    @Test("a folder that others may look into is told of, and left as it is")
    func sharedFolder() throws {
        try inFolder { (folder: String) throws in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
            #expect(try AdminSocket(path: "\(folder)/edge.sock").prepare())
            #expect(try mode(folder) == 0o755)
        }
    }

    @Test("a file that is no socket is not removed")
    func otherFile() throws {
        try inFolder { (folder: String) throws in
            let socket = AdminSocket(path: "\(folder)/edge.sock")
            _ = try socket.prepare()
            #expect(FileManager.default.createFile(atPath: socket.path, contents: Data()))
            #expect(throws: AdminError.self) { try socket.prepare() }
            #expect(FileManager.default.fileExists(atPath: socket.path))
        }
    }

    @Test("a socket file is removed when nobody listens there, and left when somebody does")
    func staleSocket() throws {
        try inFolder { (folder: String) throws in
            let socket = AdminSocket(path: "\(folder)/edge.sock")
            _ = try socket.prepare()
            let descriptor = try bound(socket.path)
            #expect(throws: Never.self) { try socket.prepare() }
            #expect(!FileManager.default.fileExists(atPath: socket.path), "bound, but nobody listens")
            close(descriptor)
            let other = try bound(socket.path)
            defer { close(other) }
            #expect(listen(other, 1) == 0)
            #expect(throws: AdminError.self) { try socket.prepare() }
            #expect(FileManager.default.fileExists(atPath: socket.path))
        }
    }

    @Test("a socket is born where nobody else can reach it, and takes its place with its mode set")
    func birthplace() throws {
        try inFolder { (folder: String) throws in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
            let socket = AdminSocket(path: "\(folder)/edge.sock")
            let birthplace = try socket.makeBirthplace()
            #expect(try mode(String(birthplace.dropLast("/edge.sock".count))) == 0o700)
            #expect(birthplace.utf8.count == socket.path.utf8.count + 8)
            let descriptor = try bound(birthplace)
            defer { close(descriptor) }
            try socket.settle(from: birthplace)
            socket.leave(birthplace)
            #expect(try mode(socket.path) == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["edge.sock"])
            let unused = try socket.makeBirthplace()
            close(try bound(unused))
            socket.leave(unused)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["edge.sock"])
        }
    }

    @Test(
        "a server's socket is its owner's from its first moment, and nothing else is left beside it",
        arguments: [nil, Configuration.Admin.longestSocketPath])
    func served(byteCount: Int?) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "admin-\(UUID().uuidString.prefix(8))").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let name = byteCount.map { String(repeating: "s", count: $0 - folder.utf8.count - 1) } ?? "edge.sock"
        var admin = Configuration.Admin()
        admin.socketPath = "\(folder)/\(name)"
        let server = AdminServer(admin, service: FakeService(), logger: AdminFront.silent)
        _ = try await server.start()
        #expect(try mode("\(folder)/\(name)") == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
        await server.stop()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test("where it is bound is eight bytes longer than its place, wherever that is", arguments: ["", "/tmp/"])
    func birthplaceLength(folder: String) throws {
        let socket = AdminSocket(path: "\(folder)edge-\(UUID().uuidString.prefix(8)).sock")
        let birthplace = try socket.makeBirthplace()
        defer { socket.leave(birthplace) }
        #expect(birthplace.utf8.count == socket.path.utf8.count + 8 && birthplace.hasPrefix("\(folder)."))
    }

    @Test("on the way out only the own file is removed")
    func removesOwn() throws {
        try inFolder { (folder: String) throws in
            let socket = AdminSocket(path: "\(folder)/edge.sock")
            _ = try socket.prepare()
            close(try bound(socket.path))
            let own = socket.identity
            // The next edge's, bound before this one is gone: it must be another file.
            try FileManager.default.moveItem(atPath: socket.path, toPath: "\(folder)/old.sock")
            close(try bound(socket.path))
            socket.remove(own)
            #expect(FileManager.default.fileExists(atPath: socket.path))
            socket.remove(socket.identity)
            #expect(!FileManager.default.fileExists(atPath: socket.path))
        }
    }

    private func bound(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
        return descriptor
    }
}
