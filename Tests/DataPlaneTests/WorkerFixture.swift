import Glibc
import HTTP2
import Model
import Reactor
import Support
import Testing

@testable import DataPlane

/// A worker without a thread, its clock turned by hand, with a client at the other end of a pair of sockets.
final class WorkerFixture {
    let worker: Worker
    /// Of every client, until a reload.
    let terms: ListenerTerms
    let workerSettings: WorkerSettings
    /// Where the loop's timers begin; turned on by hand from there.
    private(set) var now = EventLoop.readClock()
    let share: WorkerShare
    private var published: [Snapshot]
    private let make: (SnapshotFixture, UInt64) -> Snapshot
    private(set) var latest: Snapshot
    private var clients: [(connection: DownstreamConnection, descriptor: Int32, rest: [UInt8])] = []

    /// One region with one endpoint at that path.
    static func world(at path: String = "/nowhere/at.all") -> SnapshotFixture {
        let endpoint = SnapshotFixture.Endpoint.up(at: .unix(path: path))
        var world = SnapshotFixture(local: "us", [.region("us", [.cell("us-a", [endpoint])])])
        world.edgeName = "edge-1"
        return world
    }

    /// One region with one cell of endpoints at those, and one route.
    static func world(_ stubs: [EndpointStub], _ route: (inout SnapshotFixture.Route) -> Void) -> SnapshotFixture {
        let endpoints = stubs.map { SnapshotFixture.Endpoint.up(at: $0.address) }
        var world = SnapshotFixture(local: "us", [.region("us", [.cell("us-a", endpoints)])])
        world.edgeName = "edge-1"
        route(&world.routes[0])
        return world
    }

    static let sessionKeys = SessionKeys(generation: 7, current: Array(1...32), previous: Array(2...33))

    init(
        _ world: SnapshotFixture = WorkerFixture.world(), limits: Limits = Limits(),
        sessions: SessionTable = SessionTable(capacity: 1_024), trust: Configuration.Trust = Configuration.Trust(),
        make: @escaping (SnapshotFixture, UInt64) -> Snapshot = { $0.snapshot(generation: $1) }
    ) throws {
        self.make = make
        let loop = try EventLoop()
        let snapshot = make(world, 1)
        share = WorkerShare(
            waker: loop.waker, snapshot: snapshot, ringCapacity: 1 << 16, sessions: sessions,
            sessionKeys: WorkerFixture.sessionKeys)
        terms = ListenerTerms(place: ListenerPlace(number: 0), name: "public", context: nil, trust: trust)
        let settings = WorkerSettings(
            terms: [terms], limits: limits, logging: .numbers, graceMilliseconds: 30_000, maxConnections: 100)
        workerSettings = settings
        worker = Worker(
            index: 0, loop: loop, shared: share, listeners: [], settings: settings, snapshot: snapshot, seed: 1)
        // A worker takes a snapshot as a tick begins, when it is another one than before.
        latest = make(world, 2)
        published = [latest]
        share.publish(latest)
        worker.tickBegan(now: now)
    }

    /// One tick in which a snapshot of that world is taken.
    func publish(_ world: SnapshotFixture) {
        let old = latest
        latest = make(world, old.generation + 1)
        share.publish(latest)
        tick()
        _ = old.generation  // the worker read it until here
    }

    /// A tick with a further snapshot.
    func publish(_ snapshot: Snapshot) {
        published.append(snapshot)
        share.publish(snapshot)
        tick()
    }

    /// What is under way, oldest slot first, and its request as it goes on.
    var exchanges: [ExchangeRef] {
        worker.exchanges.liveTags { _ in true }.compactMap { worker.exchanges.find($0) }
    }

    deinit { for client in clients { close(client.descriptor) } }

    /// A connected client; `greet` it before it asks.
    func connect(from address: IPAddress = .loopback) -> Int {
        let (client, descriptor) = connectRaw(from: address)
        clients[client].descriptor = descriptor
        return client
    }

    /// The same for a caller that owns the client's socket from here on.
    func connectRaw(from address: IPAddress = .loopback) -> (client: Int, descriptor: Int32) {
        var pair: [Int32] = [0, 0]
        precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &pair) == 0)
        let token = worker.connections.reserve()
        let connection = DownstreamConnection(
            worker: worker, socket: Socket(adopting: pair[0]), token: token, terms: terms,
            peer: Peer(address: address, port: 4_711, isUnix: false), now: now)
        worker.connections.insert(connection)
        worker.openDownstream += 1
        clients.append((connection, -1, []))
        return (clients.count - 1, pair[1])
    }

    func connection(_ client: Int) -> DownstreamConnection { clients[client].connection }

    /// One tick in which the client's frames come.
    func send(_ client: Int, _ frames: Frame..., preface: Bool = false) {
        let bytes = (preface ? Frame.preface : []) + frames.flatMap(\.bytes)
        let count = bytes.withUnsafeBytes { write(clients[client].descriptor, $0.baseAddress, $0.count) }
        precondition(count == bytes.count, "the socket is full")
        tick { clients[client].connection.ready(.readable) }
    }

    /// One tick in which the client's end of the stream comes.
    func hangUp(_ client: Int) {
        shutdown(clients[client].descriptor, Int32(SHUT_WR))
        tick { clients[client].connection.ready([.readable, .peerClosed]) }
    }

    func tick(after milliseconds: UInt64 = 0, _ body: () -> Void = {}) {
        now = now.advanced(milliseconds: milliseconds)
        worker.tickBegan(now: now)
        body()
        while worker.tickEnded(now: now) { worker.tickBegan(now: now) }
    }

    /// A tick with a message.
    func tell(_ message: WorkerMessage) {
        share.post(message)
        tick { worker.woken(now: now) }
    }

    /// A tick so much later, with the timers that fall due.
    func wait(milliseconds: UInt64) {
        tick(after: milliseconds) {
            while let token = worker.loop.timers.takeDue(at: now) { worker.timerFired(token, now: now) }
        }
    }

    /// Lets the worker and its endpoints hear each other out.
    func settle(_ stubs: [EndpointStub]) {
        for _ in 0..<4 {
            for stub in stubs { stub.hear() }
            tick {
                for connection in worker.connections.all where connection is UpstreamConnection {
                    connection.ready([.readable, .writable])
                }
            }
        }
    }

    /// What the edge wrote to the client since the last call; `closed` at the end of the stream.
    func receive(_ client: Int) -> [Frame] {
        var bytes = clients[client].rest
        var room = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(clients[client].descriptor, &room, room.count)
            guard count > 0 else { break }
            bytes += room[..<count]
        }
        let (frames, rest) = Frame.read(bytes)
        clients[client].rest = rest
        return frames
    }

    func lines(_ client: Int) -> [String] { receive(client).map(\.text) }

    func greet(_ client: Int) {
        send(client, settings(), preface: true)
        _ = receive(client)
        send(client, settingsAck())
        _ = receive(client)
    }
}
