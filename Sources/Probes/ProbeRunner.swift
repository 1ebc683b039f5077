import HTTP2
import Model
import Reactor
import TLS

/// The probe loop's side that lives on its thread: every connection, and what becomes of it.
final class ProbeRunner: EventLoopDelegate {
    /// After so many probes a connection is made anew: a kept one would hide that the endpoint takes no new ones.
    private static let probesPerConnection = 30
    /// A connection is kept for three intervals, at least this.
    private static let leastIdleMilliseconds: UInt64 = 10_000

    private let loop: EventLoop
    private let mailbox: Mailbox<ProbeLoop.Message>
    private let report: @Sendable (ProbeOutcome) -> Void
    private let blocks = HeaderBlockPool()
    private let scratch = ProbeScratch()
    /// By token. Tokens are never used twice, so an event that comes late finds nothing.
    private var connections: [UInt64: ProbeConnection] = [:]
    private var idle: [EndpointID: ProbeConnection] = [:]
    private var lastToken: UInt64 = 0
    /// By path of the authorities; empty: the system's. Read once.
    private var contexts: [String: ClientContext] = [:]

    init(loop: EventLoop, mailbox: Mailbox<ProbeLoop.Message>, report: @escaping @Sendable (ProbeOutcome) -> Void) {
        (self.loop, self.mailbox, self.report) = (loop, mailbox, report)
    }

    func run() {
        loop.run(self)
        idle = [:]
        for connection in connections.values { connection.close() }
        connections = [:]
    }

    // MARK: EventLoopDelegate

    func tickBegan(now: LoopTime) {}

    func woken(now: LoopTime) {
        for message in mailbox.drain() {
            switch message {
            case .probe(let target, let id, let timeout):
                start(
                    ProbeConnection.Request(
                        target: target, id: id, deadline: now.advanced(milliseconds: timeout),
                        timeoutMilliseconds: timeout))
            case .stop: loop.stop()
            }
        }
    }

    func ready(_ token: UInt64, _ events: ReadyEvents, now: LoopTime) {
        guard let connection = connections[token] else { return }
        connection.ready(events)
        settle(connection, now: now)
    }

    func timerFired(_ token: UInt64, now: LoopTime) {
        guard let connection = connections[token] else { return }
        connection.timer = .none
        if idle[connection.request.target.endpoint] === connection { return drop(connection) }
        connection.deadlinePassed()
        settle(connection, now: now)
    }

    func tickEnded(now: LoopTime) -> Bool { false }

    // MARK: Probes

    private func start(_ request: ProbeConnection.Request) {
        let endpoint = request.target.endpoint
        guard let kept = idle.removeValue(forKey: endpoint) else { return connect(request) }
        guard kept.request.target.sharesConnections(with: request.target) else {
            drop(kept)
            return connect(request)
        }
        kept.begin(request)
        arm(kept, at: request.deadline)
        settle(kept, now: loop.now)
    }

    private func connect(_ request: ProbeConnection.Request) {
        lastToken += 1
        do throws(ProbeFailure) {
            let connection = try ProbeConnection(
                token: lastToken, request: request, context: try context(for: request.target), blocks: blocks,
                scratch: scratch)
            do throws(SystemError) { try loop.register(connection.descriptor, token: lastToken) } catch {
                throw ProbeFailure(errno: error.code)
            }
            connections[lastToken] = connection
            arm(connection, at: request.deadline)
        } catch {
            tell(request, .failed(error), roundTripNanoseconds: 0)
        }
    }

    private func context(for target: ProbeTarget) throws(ProbeFailure) -> ClientContext? {
        guard target.upstream.protocol == .h2, !target.asksNothing else { return nil }
        let path = target.upstream.authoritiesPath
        if let context = contexts[path ?? ""] { return context }
        do throws(TLSError) {
            let context = try ClientContext(authoritiesPath: path)
            contexts[path ?? ""] = context
            return context
        } catch {
            throw ProbeFailure(error.text)
        }
    }

    /// After anything happened to a connection: tells the outcome, keeps or closes it.
    private func settle(_ connection: ProbeConnection, now: LoopTime) {
        let request = connection.request
        let isIdle = idle[request.target.endpoint] === connection
        if isIdle, !connection.isUsable { return drop(connection) }
        guard !isIdle, let ending = connection.ending else { return }
        if case .failed(let failure) = ending, failure.isSilentEnd, connection.isReused, now < request.deadline {
            drop(connection)
            return connect(request)
        }
        let isKept =
            ending == .passed && connection.isUsable && idle[request.target.endpoint] == nil
            && connection.probeCount < ProbeRunner.probesPerConnection
        if isKept { keep(connection, now: now) } else { drop(connection) }
        tell(request, ending, roundTripNanoseconds: connection.roundTripNanoseconds)
    }

    private func keep(_ connection: ProbeConnection, now: LoopTime) {
        let health = connection.request.target.health
        idle[connection.request.target.endpoint] = connection
        let milliseconds = max(3 * health.intervalMilliseconds, ProbeRunner.leastIdleMilliseconds)
        arm(connection, at: now.advanced(milliseconds: milliseconds))
    }

    private func arm(_ connection: ProbeConnection, at deadline: LoopTime) {
        loop.timers.cancel(connection.timer)
        connection.timer = loop.timers.schedule(connection.token, at: deadline)
    }

    private func drop(_ connection: ProbeConnection) {
        let endpoint = connection.request.target.endpoint
        if idle[endpoint] === connection { idle[endpoint] = nil }
        loop.timers.cancel(connection.timer)
        connection.close()
        connections[connection.token] = nil
    }

    private func tell(
        _ request: ProbeConnection.Request, _ ending: ProbeConnection.Ending, roundTripNanoseconds: UInt64
    ) {
        var detail = ""
        if case .failed(let failure) = ending { detail = failure.detail }
        report(
            ProbeOutcome(
                endpoint: request.target.endpoint, id: request.id, succeeded: ending == .passed, detail: detail,
                roundTripNanoseconds: roundTripNanoseconds))
    }
}
