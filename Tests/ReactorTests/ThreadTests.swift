import Glibc
import Reactor
import Synchronization
import Testing

struct ThreadTests {
    /// A file of /proc about the thread that asks.
    private static func ownFile(_ name: String) -> String {
        let descriptor = open("/proc/thread-self/\(name)", O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 8_192)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// The cores it may run on: `0-1,3`.
    private static func ownCores() -> String {
        let label = "Cpus_allowed_list:\t"
        let line = ownFile("status").split(separator: "\n").first { $0.hasPrefix(label) }
        return String(line?.dropFirst(label.count) ?? "")
    }

    @Test(
        "has its name, cut to 15 bytes",
        arguments: [("worker-0", "worker-0"), ("worker-0123456789", "worker-01234567")])
    func isNamed(name: String, expected: String) {
        let seen = Mutex("")
        startThread(name: name) { seen.withLock { $0 = Self.ownFile("comm") } }.join()
        #expect(seen.withLock { $0 } == expected + "\n")
    }

    @Test func staysOnItsCore() throws {
        let core = try #require(Int(Self.ownCores().prefix { $0.isNumber }))
        let seen = Mutex("")
        let thread = startThread(name: "pinned", core: core) { seen.withLock { $0 = Self.ownCores() } }
        thread.join()
        #expect(thread.isPinned)
        #expect(seen.withLock { $0 } == "\(core)")
    }

    @Test("runs all the same without a core", arguments: [nil, 1_023, 1 << 20, -3])
    func runsUnpinned(core: Int?) {
        let hasRun = Mutex(false)
        let thread = startThread(name: "anywhere", core: core) { hasRun.withLock { $0 = true } }
        thread.join()
        #expect(hasRun.withLock { $0 })
        #expect(!thread.isPinned)
    }
}
