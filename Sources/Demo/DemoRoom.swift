import HTTP2
import Model
import Reactor

/// The thread's side of `DemoRegions`: listeners, connections, distances and faults.
final class DemoRoom: EventLoopDelegate {
    /// An endpoint's state.
    private final class Post {
        let place: DemoAnswer.Place
        let distanceMilliseconds: UInt64
        var address: Address
        var listener: Listener?
        var fault = DemoFault.none
        init(_ place: DemoAnswer.Place, distanceMilliseconds: UInt64, address: Address) {
            (self.place, self.distanceMilliseconds, self.address) = (place, distanceMilliseconds, address)
        }
    }

    private final class Listener {
        let socket: Socket
        init(_ socket: consuming Socket) { self.socket = socket }
    }

    private enum Timer {
        case respond(connection: UInt64, StreamID)
        case listen(post: Int)
    }

    /// How soon a look is taken again: at an answer held back by a cut line, at a port still in use.
    private static let retryMilliseconds: UInt64 = 20

    private let loop: EventLoop
    private let mailbox: Mailbox<DemoRegions.Message>
    private let scratch = LinkScratch()
    private let blocks = HeaderBlockPool()
    private var posts: [Post] = []
    /// By token; a listener's token is its post's index, a connection's lies above and is never used again.
    private var connections: [UInt64: DemoConnection] = [:]
    private var lastToken: UInt64 = 1 << 32
    private var timers: [UInt64: Timer] = [:]
    private var lastTimer: UInt64 = 0
    /// Who waits for endpoints to listen again.
    private var waiting: [(posts: Set<Int>, continuation: CheckedContinuation<Void, Never>)] = []

    init(_ topology: DemoTopology, loop: EventLoop, mailbox: Mailbox<DemoRegions.Message>) throws(SystemError) {
        (self.loop, self.mailbox) = (loop, mailbox)
        for region in topology.regions {
            for cell in region.cells {
                for endpoint in cell.endpoints {
                    let place = DemoAnswer.Place(region: region.name, cell: cell.name, endpoint: endpoint.name)
                    posts.append(
                        Post(place, distanceMilliseconds: region.distanceMilliseconds, address: endpoint.address))
                    try listen(posts.count - 1)
                }
            }
        }
    }

    /// The topology with the addresses that are in force.
    func boundTopology(_ topology: DemoTopology) -> DemoTopology {
        var bound = topology
        var index = 0
        for region in bound.regions.indices {
            for cell in bound.regions[region].cells.indices {
                for endpoint in bound.regions[region].cells[cell].endpoints.indices {
                    bound.regions[region].cells[cell].endpoints[endpoint].address = posts[index].address
                    index += 1
                }
            }
        }
        return bound
    }

    func run() {
        loop.run(self)
        for wait in waiting { wait.continuation.resume() }
        (waiting, connections) = ([], [:])
        for post in posts { post.listener = nil }
    }

    // MARK: EventLoopDelegate

    func tickBegan(now: LoopTime) {}
    func tickEnded(now: LoopTime) -> Bool { false }

    func woken(now: LoopTime) {
        for message in mailbox.drain() {
            switch message {
            case .set(let fault, let scope, let continuation): set(fault, scope, continuation)
            case .stop: loop.stop()
            }
        }
    }

    func ready(_ token: UInt64, _ events: ReadyEvents, now: LoopTime) {
        if token < UInt64(posts.count) { return accept(Int(token)) }
        guard let connection = connections[token], posts[connection.endpoint].fault != .swallowing else { return }
        if !connection.ready() { connections[token] = nil }
    }

    func timerFired(_ token: UInt64, now: LoopTime) {
        switch timers.removeValue(forKey: token) {
        case .none: return
        case .listen(let post): listenAgain(post)
        case .respond(let token, let stream):
            guard let connection = connections[token] else { return }
            if posts[connection.endpoint].fault == .swallowing {
                return schedule(.respond(connection: token, stream), afterMilliseconds: DemoRoom.retryMilliseconds)
            }
            if !connection.respond(stream) { connections[token] = nil }
        }
    }

    private func schedule(_ timer: Timer, afterMilliseconds milliseconds: UInt64) {
        lastTimer += 1
        timers[lastTimer] = timer
        _ = loop.timers.schedule(lastTimer, at: loop.now.advanced(milliseconds: milliseconds))
    }

    // MARK: Listening

    private func listen(_ index: Int) throws(SystemError) {
        let socket = try Socket.listen(on: posts[index].address, reusePort: false, backlog: 1_024)
        if let address = socket.localAddress() { posts[index].address = address }
        try loop.register(socket.descriptor, token: UInt64(index), edgeTriggered: false)
        posts[index].listener = Listener(socket)
    }

    private func listenAgain(_ index: Int) {
        guard !posts[index].fault.refusesConnections, posts[index].listener == nil else { return }
        do throws(SystemError) { try listen(index) } catch {
            return schedule(.listen(post: index), afterMilliseconds: DemoRoom.retryMilliseconds)
        }
        settle(index)
    }

    /// Nobody need wait for this endpoint any more.
    private func settle(_ index: Int) {
        for wait in waiting.indices { waiting[wait].posts.remove(index) }
        for wait in waiting where wait.posts.isEmpty { wait.continuation.resume() }
        waiting.removeAll { $0.posts.isEmpty }
    }

    private func accept(_ index: Int) {
        guard let listener = posts[index].listener else { return }
        while case .accepted(let socket, _) = listener.socket.accept() {
            lastToken += 1
            let token = lastToken
            let link = Link(socket, tls: nil, scratch: scratch)
            guard (try? loop.register(link.descriptor, token: token)) != nil else { continue }
            connections[token] = DemoConnection(
                token: token, endpoint: index, link: link, blocks: blocks, place: posts[index].place
            ) { [unowned self] stream in
                schedule(
                    .respond(connection: token, stream), afterMilliseconds: self.posts[index].distanceMilliseconds)
            }
        }
    }

    // MARK: Faults

    private func set(_ fault: DemoFault, _ scope: DemoScope, _ continuation: CheckedContinuation<Void, Never>) {
        var reopening: Set<Int> = []
        for (index, post) in posts.enumerated() {
            let place = post.place
            guard scope.covers(region: place.region, cell: place.cell, endpoint: place.endpoint) else { continue }
            post.fault = fault
            if fault.refusesConnections { refuse(index) } else if post.listener == nil { reopening.insert(index) }
            inform(index)
        }
        if reopening.isEmpty { return continuation.resume() }
        waiting.append((reopening, continuation))
        for index in reopening { listenAgain(index) }
    }

    private func refuse(_ index: Int) {
        posts[index].listener = nil
        settle(index)
    }

    /// Each connection of an endpoint whose fault was set.
    private func inform(_ index: Int) {
        for connection in connections.values where connection.endpoint == index {
            switch posts[index].fault {
            case .killed:
                connection.kill()
                connections[connection.token] = nil
            case .leaving: if !connection.leave() { connections[connection.token] = nil }
            case .swallowing: break
            // What came while nothing was read is read now: it will not be announced again.
            case .none: if !connection.ready() { connections[connection.token] = nil }
            }
        }
    }
}
