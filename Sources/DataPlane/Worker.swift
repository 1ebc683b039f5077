import HTTP2
import Model
import Policy
import Reactor
import Synchronization
import TLS
import Wire

/// One thread of the data plane: its loop, listeners, connections, exchanges, pools and counters. Workers share
/// nothing that changes.
///
/// A tick: take the current snapshot → give waiting connections their turn → every ready event → due timers → write
/// each touched connection once → sleep.
final class Worker: EventLoopDelegate {
    let index: Int
    let loop: EventLoop
    let shared: WorkerShare
    let scratch = Scratch()
    let blockPool = BlockPool()
    let headerBlocks = HeaderBlockPool()
    var exchanges = ExchangeTable()
    var connections = ConnectionTable()
    /// By their index, which tokens carry.
    var listeners: [Listener?] = []
    /// By endpoint id; the second list is the first without a retain at every use.
    private(set) var poolHolds: [UpstreamPool?] = []
    private var pools: [Unmanaged<UpstreamPool>?] = []
    var clientContexts: [String: ClientContext] = [:]
    var limits: Limits
    /// Client connections that it may have open (limits.md, D2).
    var maxConnections: Int
    var counters = WorkerCounters()
    var random: SplitMix64
    var decisionState: DecisionState
    var retryRules: Configuration.RetryRules
    var retryBudget: RetryBudget
    /// Kept alive by `snapshotHold`; read through this, which retains nothing.
    private(set) var snapshot: Unmanaged<Snapshot>
    private var snapshotHold: Snapshot
    private(set) var now = LoopTime.zero
    /// Nanoseconds from the loop's clock to 1970's.
    private(set) var wallOffset: UInt64 = 0
    /// Texts of the current snapshot that requests carry.
    var texts: WorkerTexts
    private var retiredTexts: [WorkerTexts] = []
    var logging: RequestLogging
    /// Where producers are held; shared by all workers.
    let sessions: SessionTable
    var sessionKeys: SessionKeys

    /// Goes up when a reload gives numbers of routes other changes of heads; the rules of exchanges from before.
    var headerRevision: UInt32 = 0
    var oldHeaderRules: [HeaderRules] = []

    private var touched: [Connection] = []
    private var turns: [Connection] = []
    private var buried: [Connection] = []
    private var wanting: [DownstreamConnection] = []
    private var lostPools: [UpstreamPool] = []
    private var failures: [(pool: UpstreamPool, error: ExchangeError)] = []
    var isSweeping = false
    /// Serving, or on its way out: alone, or with the process.
    enum Phase { case serving, leaving, stopping }
    var phase = Phase.serving
    var graceMilliseconds: UInt64 = 30_000
    var openDownstream = 0
    var addresses = AddressCounts()
    /// Fields of a request as routes match on them; used within one decision.
    var fieldScratch: [HeaderFields.Field] = []
    /// Routes and regions whose fallback was told in this second.
    var fallbacksTold = FallbackMemory()
    /// The same of tenants away from home, of those whom the fence stops, and of owners that a 421 named.
    var misroutesTold = FallbackMemory()
    var denialsTold = FallbackMemory()
    var ownersTold = FallbackMemory()

    init(
        index: Int, loop: EventLoop, shared: WorkerShare, listeners: [Listener], settings: WorkerSettings,
        snapshot: Snapshot, seed: UInt64
    ) {
        self.index = index
        self.loop = loop
        self.shared = shared
        (limits, maxConnections) = (settings.limits, settings.maxConnections)
        logging = settings.logging
        (sessions, sessionKeys) = (shared.sessions, shared.sessionKeys)
        graceMilliseconds = settings.graceMilliseconds
        random = SplitMix64(seed: seed)
        decisionState = DecisionState(seed: seed ^ 0x5DEE_CE66)
        retryRules = settings.retries
        retryBudget = RetryBudget(settings.retries, now: EventLoop.readClock())
        snapshotHold = snapshot
        self.snapshot = Unmanaged.passUnretained(snapshot)
        texts = WorkerTexts(snapshot)
        listen(on: listeners)
    }

    /// Runs until it is told to leave or to stop, and has.
    func run() {
        adopt(snapshotHold)
        loop.run(self)
        for connection in connections.all { connection.close() }
        buried.removeAll()
        shared.ring.end()
        (counters.exchangesOpen, counters.bufferedBytes) = (0, 0)
        for message in shared.end(counters) { answerLate(message) }
    }

    // MARK: A tick

    func tickBegan(now: LoopTime) {
        self.now = now
        counters.ticks += 1
        let latest = shared.latest()
        if latest.toOpaque() != snapshot.toOpaque() { adopt(latest.takeUnretainedValue()) }
        guard !turns.isEmpty else { return }
        let queued = turns
        turns.removeAll(keepingCapacity: true)
        for connection in queued {
            connection.isQueued = false
            connection.takeTurn()
        }
    }

    func woken(now: LoopTime) {
        for message in shared.messages() { perform(message) }
    }

    func ready(_ token: UInt64, _ events: ReadyEvents, now: LoopTime) {
        switch Token(token).kind {
        case .connection: connections.find(token)?.ready(events)
        case .listener:
            if let listener = listener(at: Token(token).index) { accept(from: listener) }
        case .sweep, .stop, .resume, .hedge: break
        }
    }

    func timerFired(_ token: UInt64, now: LoopTime) {
        switch Token(token).kind {
        case .connection: connections.find(token)?.timerFired()
        case .sweep: sweep()
        case .hedge: hedge(Token(token))
        case .stop: stopOverdue()
        case .resume:
            if let listener = listener(at: Token(token).index) { resume(listener) }
        case .listener: break
        }
    }

    private func listener(at index: Int) -> Listener? { index < listeners.count ? listeners[index] : nil }

    func tickEnded(now: LoopTime) -> Bool {
        // Each step may cause more of the others: go on until all is quiet.
        while true {
            settle()
            guard let connection = touched.popLast() else { break }
            connection.isTouched = false
            connection.flush()
        }
        buried.removeAll(keepingCapacity: true)
        if phase != .serving, openDownstream == 0 { loop.stop() }
        return !turns.isEmpty
    }

    private func settle() {
        while let failure = failures.popLast() { failure.pool.connectFailed(failure.error, self) }
        while let pool = lostPools.popLast() { pool.roomAppeared(self) }
        while let connection = wanting.popLast() { serveWaiting(of: connection) }
    }

    // MARK: What connections ask of it

    /// Where one read of one turn goes (limits.md, A12).
    var readRoom: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: scratch.input[..<min(limits.turnReadBytes, Scratch.inputCapacity)])
    }

    /// Where frames are put together: as much as a connection may have unsent when its socket takes nothing (B3).
    var flushRoom: UnsafeMutableRawBufferPointer {
        let count = max(HTTP2.Session.produceCapacity, min(limits.clientBacklogBytes, Scratch.stagingCapacity))
        return UnsafeMutableRawBufferPointer(rebasing: scratch.staging[..<count])
    }

    /// The connection has something to write: it does at the end of the tick.
    func touch(_ connection: Connection) {
        guard !connection.isTouched, !connection.isClosed else { return }
        connection.isTouched = true
        touched.append(connection)
    }

    /// The connection has more to read than its turn allowed.
    func queueTurn(_ connection: Connection) {
        guard !connection.isQueued, !connection.isClosed else { return }
        connection.isQueued = true
        turns.append(connection)
    }

    /// Budget came back while exchanges of the connection wait for some.
    func wantsBudget(_ connection: DownstreamConnection) { wanting.append(connection) }

    /// Keeps a closed connection until no callback of it can be running.
    func bury(_ connection: Connection) {
        // First the new holder, then the old one: pools reach their connections without holding them.
        buried.append(connection)
        connections.remove(connection.token)
    }

    func connectionClosed(_ connection: DownstreamConnection) {
        openDownstream -= 1
        addresses.left(connection.peer)
        counters.connectionsClosed += 1
    }

    /// 1 h ± 10 %, by the connection's own token, so that they do not leave all at once (limits.md, A11).
    func connectionAge(of connection: DownstreamConnection) -> UInt64 {
        let age = limits.connectionAgeMilliseconds
        return age * 9 / 10 + (connection.token &* 0x9E37_79B9_7F4A_7C15 >> 32) % max(1, age / 5)
    }

    // MARK: Timers

    func schedule(_ token: UInt64, at deadline: LoopTime) -> TimerWheel.ID {
        loop.timers.schedule(token, at: deadline)
    }

    func schedule(_ timer: inout TimerWheel.ID, _ token: UInt64, at deadline: LoopTime) {
        loop.timers.cancel(timer)
        timer = loop.timers.schedule(token, at: deadline)
    }

    func cancel(_ timer: TimerWheel.ID) { loop.timers.cancel(timer) }

    // MARK: Snapshots

    private func adopt(_ snapshot: Snapshot) {
        keepHeaderRules(of: snapshotHold, before: snapshot)
        snapshotHold = snapshot
        self.snapshot = Unmanaged.passUnretained(snapshot)
        decisionState.prepare(for: snapshot)
        if texts.edgeText != snapshot.edgeName {
            // Heads that have not left yet hold the old texts by reference. An edge is renamed a few times in its life.
            retiredTexts.append(texts)
            texts = WorkerTexts(snapshot)
        }
        wallOffset = WallClock.nanoseconds() &- EventLoop.readClock().nanoseconds
        adoptEndpoints(of: snapshot)
        resetDrained(in: snapshot)
        shared.acknowledge(snapshot.generation)
    }

    // MARK: Endpoints

    /// The pool of an endpoint that a decision chose; nil when it is no longer to be reached.
    func pool(for endpoint: EndpointID) -> Unmanaged<UpstreamPool>? {
        if endpoint.index < pools.count, let pool = pools[endpoint.index] { return pool }
        return makePool(for: endpoint)
    }

    private func makePool(for endpoint: EndpointID) -> Unmanaged<UpstreamPool>? {
        guard endpoint.index < snapshotHold.upstreams.count, let target = snapshotHold.upstreams[endpoint.index],
            let context = try? clientContext(for: target.settings)
        else { return nil }
        while pools.count <= endpoint.index {
            pools.append(nil)
            poolHolds.append(nil)
        }
        let pool = UpstreamPool(endpoint: endpoint, target: target, clientContext: context.context)
        poolHolds[endpoint.index] = pool
        pools[endpoint.index] = Unmanaged.passUnretained(pool)
        return pools[endpoint.index]
    }

    /// Contexts are shared by all endpoints that trust the same authorities.
    func clientContext(
        for settings: Configuration.Upstream
    ) throws(TLSError) -> (context: ClientContext?, isPlain: Bool) {
        guard settings.protocol == .h2 else { return (nil, true) }
        let key = settings.authoritiesPath ?? ""
        if let context = clientContexts[key] { return (context, false) }
        let context = try ClientContext(authoritiesPath: settings.authoritiesPath)
        clientContexts[key] = context
        return (context, false)
    }

    /// Authorities may have changed in place: connections to come trust what the files say now.
    private func renewClientContexts() {
        clientContexts.removeAll()
        for case let pool? in poolHolds {
            if let context = try? clientContext(for: pool.target.settings) { pool.renew(context.context) }
        }
    }

    /// A connection of the pool is gone: who waits there may need another one.
    func poolLost(_ pool: UpstreamPool) { lostPools.append(pool) }

    /// Begins a connection to the pool's endpoint; a failure is told at the end of the tick.
    func connect(_ pool: UpstreamPool) {
        do {
            let socket = try Socket.connect(to: pool.target.address)
            let token = connections.reserve()
            let descriptor = socket.descriptor
            socket.setNoDelay()
            let connection = UpstreamConnection(worker: self, socket: socket, token: token, pool: pool, now: now)
            connections.insert(connection)
            pool.add(connection)
            try loop.register(descriptor, token: token)
        } catch {
            counters.upstreamConnectFailures += 1
            let failure = ExchangeError(.upstream, .connectionRefused, retry: .safe, code: error.code)
            failures.append((pool, failure))
        }
    }

    // MARK: Messages

    private func perform(_ message: WorkerMessage) {
        switch message {
        case .reload(let settings, let orders):
            reload(settings)
            listen(on: orders.opening)
            letGo(of: orders.closing)
            adopt(settings.terms, graceMilliseconds: settings.graceMilliseconds)
        case .sessionKeys(let keys): sessionKeys = keys
        case .collect(let receive):
            counters.exchangesOpen = UInt64(exchanges.liveCount)
            counters.bufferedBytes = UInt64(blockPool.lentBytes)
            receive(counters)
        case .inFlight(let receive): receive(exchangesByCell())
        case .leave(let grace): leave(graceMilliseconds: grace)
        case .stop(let grace): stop(graceMilliseconds: grace)
        }
    }

    /// Nobody must wait for a worker that has ended.
    private func answerLate(_ message: WorkerMessage) {
        switch message {
        case .collect(let receive): receive(counters)
        case .inFlight(let receive): receive([])
        case .reload, .sessionKeys, .leave, .stop: break
        }
    }

    private func reload(_ settings: WorkerSettings) {
        (limits, maxConnections, logging) = (settings.limits, settings.maxConnections, settings.logging)
        graceMilliseconds = settings.graceMilliseconds
        if settings.retries != retryRules { retryBudget.adopt(settings.retries, now: now) }
        retryRules = settings.retries
        renewClientContexts()
    }
}
