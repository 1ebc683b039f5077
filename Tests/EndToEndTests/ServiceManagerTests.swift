import Foundation
import Testing

/// What systemd is told, on a socket that stands for its own.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ServiceManagerTests {
    /// The service manager's end: every message so far.
    final class Manager {
        private let descriptor: Int32
        private(set) var messages: [String] = []

        init(path: String) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            guard result == 0 else { throw HarnessError("cannot bind \(path): errno \(errno)") }
        }

        deinit { close(descriptor) }

        /// Waits for a line among the messages from number `start` on, and says which message had it.
        @discardableResult
        func wait(for line: String, from start: Int = 0, within seconds: Double = 10) throws -> Int {
            var place: Int?
            try Patience.wait(for: "\(line) in \(messages)", within: seconds) {
                var buffer = [UInt8](repeating: 0, count: 4_096)
                while true {
                    let count = recv(descriptor, &buffer, buffer.count, 0)
                    if count <= 0 { break }
                    messages.append(String(decoding: buffer.prefix(count), as: UTF8.self))
                }
                place = messages.indices.dropFirst(start).first { index in
                    messages[index].split(separator: "\n").contains { $0.hasPrefix(line) }
                }
                return place != nil
            }
            return place ?? 0
        }
    }

    @Test func readyAliveReloadingAndStoppingAreTold() throws {
        let folder = try TemporaryFolder()
        try folder.write("healthz", "ok")
        let (server, manager) = (try Nghttpd(serving: folder), try Manager(path: folder.file("notify.sock")))
        let edge = try RunningEdge(
            EdgeConfiguration().with(endpoints: ["127.0.0.1:\(server.port)"]),
            environment: ["NOTIFY_SOCKET": folder.file("notify.sock"), "WATCHDOG_USEC": "400000"])
        let ready = try manager.wait(for: "READY=1")
        #expect(manager.messages[ready].contains("STATUS=generation "))
        let alive = try manager.wait(for: "WATCHDOG=1", from: ready)
        try manager.wait(for: "WATCHDOG=1", from: alive + 1)
        edge.process.signal(SIGHUP)
        let reloading = try manager.wait(for: "RELOADING=1", from: ready)
        #expect(manager.messages[reloading].contains("MONOTONIC_USEC="))
        let again = try manager.wait(for: "READY=1", from: reloading + 1)
        edge.process.signal(SIGTERM)
        try manager.wait(for: "STOPPING=1", from: again)
        #expect(try edge.process.wait(within: 10) == 0)
    }

    @Test func anEdgeThatStandsStillGivesNoSignOfLife() throws {
        let folder = try TemporaryFolder()
        try folder.write("healthz", "ok")
        let (server, manager) = (try Nghttpd(serving: folder), try Manager(path: folder.file("notify.sock")))
        let edge = try RunningEdge(
            EdgeConfiguration().with(endpoints: ["127.0.0.1:\(server.port)"]),
            environment: ["NOTIFY_SOCKET": folder.file("notify.sock"), "WATCHDOG_USEC": "200000"])
        try manager.wait(for: "WATCHDOG=1")
        // One worker of the process stands still; all the rest goes on.
        let worker = try #require(try edge.thread(named: "worker-0"))
        let tracer = try ChildProcess(
            Programs.python, [Programs.scripts + "/hold_thread.py", "\(worker)"], name: "tracer", in: folder)
        try Patience.wait(for: "the thread to be held") { tracer.output.contains("held") }
        // What was on its way when the thread was stopped may still come.
        Patience.rest(1.5)
        try manager.wait(for: "WATCHDOG=1")
        let count = manager.messages.count
        #expect(throws: HarnessError.self) { try manager.wait(for: "WATCHDOG=1", from: count, within: 1) }
        tracer.kill()
        try manager.wait(for: "WATCHDOG=1", from: count)
    }
}
