import Glibc
import HTTP2
import Model
import Reactor
import Support

@testable import DataPlane

/// A worker between played clients and played backends: regions `us` (local), `eu` and `ap`, each with a cell and a
/// replication backend at sockets of the file system. Dataset `orders` is owned by `us` in epoch 5.
final class PlayedWorld {
    static let regions = ["us", "eu", "ap"]

    /// One endpoint: it listens, and plays every connection alike.
    final class Backend {
        let name: String
        let descriptor: Int32
        private(set) var peers: [PlayedPeer] = []
        /// What it does with a request, at its head and at its end.
        var serve: (PlayedPeer, StreamID) -> Void = { peer, stream in
            if peer.messages[stream]?.hasEnded == true { peer.answer(stream, 200) }
        }

        init(_ name: String, at path: String) throws {
            self.name = name
            let listener = try Socket.listen(on: .unix(path: path), reusePort: false, backlog: 64)
            descriptor = dup(listener.descriptor)
        }

        deinit { close(descriptor) }

        /// All requests so far, connection by connection.
        var requests: [PlayedPeer.Message] {
            peers.flatMap { peer in peer.messages.sorted { $0.key < $1.key }.map(\.value) }
        }

        /// False: nothing came.
        func turn() -> Bool {
            var hasHeard = false
            while true {
                let accepted = accept(descriptor, nil, nil)
                if accepted < 0 { break }
                _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
                let peer = PlayedPeer(accepted, isServer: true)
                peer.heard = { [unowned self] in serve($0, $1) }
                peers.append(peer)
                hasHeard = true
            }
            for peer in peers { if peer.turn() { hasHeard = true } }
            return hasHeard
        }
    }

    let fixture: WorkerFixture
    private let snapshotFixture: SnapshotFixture
    let backends: [String: Backend]
    private let folder: String
    private var clients: [PlayedPeer] = []
    var worker: Worker { fixture.worker }

    /// - Parameter change: the last word on the snapshot's parts.
    init(trusting trust: Configuration.Trust = .all, _ change: @escaping (inout SnapshotParts) -> Void = { _ in })
        throws
    {
        var template = Array("/tmp/portolan-played-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw EdgeError(listener: nil, "no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var backends: [String: Backend] = [:]
        for region in PlayedWorld.regions {
            for name in [region, "\(region)-replication"] {
                backends[name] = try Backend(name, at: "\(folder)/\(name)")
            }
        }
        self.backends = backends
        var world = SnapshotFixture(
            local: "us",
            PlayedWorld.regions.map { [folder] region in
                let (served, written) = ("\(folder)/\(region)", "\(folder)/\(region)-replication")
                return .region(
                    region,
                    [
                        .cell("\(region)-a", 100, [.up(at: .unix(path: served))]),
                        .cell("\(region)-r", 0, [.up(at: .unix(path: written))]),
                    ])
            })
        world.edgeName = "edge-1"
        snapshotFixture = world
        fixture = try WorkerFixture(world, trust: trust) { world, generation in
            var parts = world.parts()
            PlayedWorld.fill(&parts)
            change(&parts)
            return Snapshot(parts, generation: generation)
        }
    }

    deinit {
        for name in backends.keys { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    private static func fill(_ parts: inout SnapshotParts) {
        parts.jurisdictions = []
        for index in parts.regions.indices {
            let replication = CellID(rawValue: UInt16(index * 2 + 1))
            parts.cells[replication.index].isReplication = true
            parts.regions[index].replication = replication
            parts.regions[index].jurisdiction = UInt8(index)
            parts.regions[index].edge = parts.intern("edge-\(regions[index]).test:8443")
            parts.jurisdictions.append(RegionSet(bits: 1 << UInt64(index)))
        }
        var orders = DatasetEntry()
        (orders.name, orders.owner, orders.epoch) = (parts.intern("orders"), RegionID(rawValue: 0), 5)
        parts.datasets = [orders]
        parts.routes[0].dataset = 0
        parts.tenants.header = parts.intern("x-tenant-id")
    }

    /// What a snapshot of this world is made from, without the test's own last word.
    func parts() -> SnapshotParts {
        var parts = snapshotFixture.parts()
        PlayedWorld.fill(&parts)
        return parts
    }

    subscript(backend: String) -> Backend {
        guard let backend = backends[backend] else { preconditionFailure("no backend \(backend)") }
        return backend
    }

    func connect(certificate: String? = nil) -> PlayedPeer {
        let (client, descriptor) = fixture.connectRaw()
        if let certificate { fixture.connection(client).certify(as: OwnedText(certificate)) }
        let peer = PlayedPeer(descriptor, isServer: false)
        clients.append(peer)
        return peer
    }

    /// Lets everybody have turns until nobody has anything to say.
    func settle(after milliseconds: UInt64 = 0) {
        fixture.tick(after: milliseconds)
        var isQuiet = 0
        while isQuiet < 4 {
            var hasHeard = false
            for client in clients { if client.turn() { hasHeard = true } }
            for backend in backends.values { if backend.turn() { hasHeard = true } }
            fixture.tick {
                for connection in self.worker.connections.all { connection.ready([.readable, .writable]) }
            }
            isQuiet = hasHeard ? 0 : isQuiet + 1
        }
    }

    /// One request of a client of its own, settled.
    func ask(
        _ method: String = "POST", _ fields: [(String, String)] = [], authority: String = "a.test", path: String = "/",
        body: [UInt8]? = nil, certificate: String? = nil
    ) -> PlayedPeer.Message {
        let client = connect(certificate: certificate)
        let stream = client.request(PlayedWorld.head(method, fields, authority: authority, path: path), body: body)
        settle()
        return client.messages[stream] ?? PlayedPeer.Message()
    }

    static func head(
        _ method: String, _ fields: [(String, String)] = [], authority: String = "a.test", path: String = "/"
    ) -> [(String, String)] {
        [(":method", method), (":scheme", "http"), (":authority", authority), (":path", path)] + fields
    }

    /// Requests that came anywhere, as `us`, `eu-replication`…, in the order of the names.
    var places: [String] {
        backends.keys.sorted().flatMap { name in self[name].requests.map { _ in name } }
    }
}

extension Configuration.Trust {
    static var all: Configuration.Trust {
        var trust = Configuration.Trust()
        (trust.xRegion, trust.tenant, trust.from) = (true, true, [AddressRange("127.0.0.0/8")].compactMap { $0 })
        return trust
    }
}
