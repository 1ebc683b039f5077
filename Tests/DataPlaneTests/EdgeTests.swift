import Glibc
import Model
import Support
import TLS
import Testing

@testable import DataPlane

/// Workers on threads, listening on a Unix socket.
final class EdgeTests {
    private let folder: String
    private var configuration = Configuration()

    init() throws {
        var template = Array("/tmp/portolan-edge-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw EdgeError(listener: nil, "no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var listener = Configuration.Listener()
        (listener.name, listener.address) = ("public", .unix(path: folder + "/public"))
        configuration.listeners = [listener]
    }

    deinit {
        for name in ["public", "secure", "ca.crt", "dev.crt", "dev.key"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    private func edge(workers: Int) throws -> Edge {
        try Edge(
            configuration: configuration, snapshot: WorkerFixture.world().snapshot(generation: 1),
            workerCount: workers, sessions: SessionTable(capacity: 1), sessionKeys: WorkerFixture.sessionKeys)
    }

    @Test("workers come and go; what they counted stays, and only those that live acknowledge")
    func changesWorkers() async throws {
        let edge = try edge(workers: 2)
        edge.start()
        for count in [4, 1, 3] {
            try edge.reload(configuration, workerCount: count)
            #expect(edge.workerCount == count)
            // Those that leave have nobody: they end within a tick or two of being told.
            while edge.acknowledgedGenerations.count != count { await Task.yield() }
            #expect(edge.rings.count == count && !edge.rings.contains(where: \.hasEnded))
        }
        let before = await edge.collectCounters()
        #expect(before.count == 4 && before.allSatisfy { $0.ticks > 0 })
        try edge.reload(configuration, workerCount: 1)
        let after = await edge.collectCounters()
        #expect(zip(before, after).allSatisfy { $0.ticks <= $1.ticks } && after.count == 4)
        #expect(await edge.collectInFlight() == [])
        edge.stop(graceMilliseconds: 0)
        edge.join()
        let last = await edge.collectCounters()
        #expect(zip(after, last).allSatisfy { $0.ticks <= $1.ticks } && last.count == 4)
        #expect(edge.acknowledgedGenerations.isEmpty && access(folder + "/public", F_OK) != 0)
        #expect(throws: EdgeError.self) { try edge.reload(self.configuration, workerCount: 2) }
    }

    @Test("certificates tell whose they are, for which names, and how long")
    func tellsCertificates() throws {
        let made = try DevelopmentCertificate.make(names: ["LocalHost", "10.0.0.7"], in: folder)
        let edge = try edge(workers: 1)
        #expect(edge.certificates.isEmpty)
        var secure = Configuration.Listener()
        (secure.name, secure.address) = ("secure", .unix(path: folder + "/secure"))
        secure.certificates = [.init(certificatePath: made.certificatePath, keyPath: made.keyPath)]
        configuration.listeners.append(secure)
        try edge.reload(configuration, workerCount: 1)
        let certificate = try #require(edge.certificates.first)
        #expect(edge.certificates.count == 1 && certificate.listener == "secure")
        #expect(certificate.subject.hasPrefix("CN=") && certificate.names == ["localhost", "10.0.0.7"])
        #expect(certificate.notAfter > 1_700_000_000)
        #expect(edge.listenerNames == ["public", "secure"] && edge.boundAddresses.count == 2)
    }
}
