import HTTP2
import Model
import Reactor
import Synchronization
import TLS

/// The thread's side of a load generator: when requests are due, which connection gets them, what became of them.
final class LoadRoom: EventLoopDelegate {
    private enum Timer: UInt64 {
        case due = 1
        case sweep, reconnect
    }
    /// How often requests out of time are looked for.
    private static let sweepMilliseconds: UInt64 = 50
    /// How soon a connection that could not be made is tried again.
    private static let reconnectMilliseconds: UInt64 = 20

    private let settings: LoadSettings
    private let loop: EventLoop
    private let mailbox: Mailbox<Void>
    private let report: @Sendable ((inout LoadReport) -> Void) -> Void
    private let context: ClientContext?
    private let scratch = LinkScratch()
    private let blocks = HeaderBlockPool()

    /// By token; tokens are never used again.
    private var connections: [UInt64: LoadConnection] = [:]
    /// The connection that gets a slot's next request.
    private var slots: [UInt64]
    private var lastToken: UInt64 = 0
    private var nextSlot = 0
    private var addressIndex = 0
    private var waitsToReconnect = false
    /// Why the last connection could not be made; nil while they can.
    private var connectFailure: String?
    /// Connections to be written to at the end of the tick.
    private var touched: Set<UInt64> = []
    /// Requests no connection has taken.
    private var waiting: [LoadRequest] = []

    private var startedAt = LoopTime.zero
    private var begunCount = 0
    private var endedCount = 0
    private var isStopping = false

    init(
        _ settings: LoadSettings, loop: EventLoop, mailbox: Mailbox<Void>,
        report: @escaping @Sendable ((inout LoadReport) -> Void) -> Void
    ) throws(TLSError) {
        precondition(!settings.addresses.isEmpty && settings.requestsPerSecond > 0, "a load without address or rate")
        (self.settings, self.loop, self.mailbox, self.report) = (settings, loop, mailbox, report)
        context = if let tls = settings.tls { try ClientContext(authoritiesPath: tls.authoritiesPath) } else { nil }
        slots = Array(repeating: 0, count: max(1, settings.connectionCount))
    }

    func run() {
        startedAt = EventLoop.readClock()
        schedule(.due, at: startedAt)
        schedule(.sweep, at: startedAt.advanced(milliseconds: LoadRoom.sweepMilliseconds))
        loop.run(self)
        for connection in connections.values { connection.close() }
        connections = [:]
    }

    // MARK: EventLoopDelegate

    func tickBegan(now: LoopTime) {}

    func woken(now: LoopTime) {
        if !mailbox.drain().isEmpty { isStopping = true }
    }

    func ready(_ token: UInt64, _ events: ReadyEvents, now: LoopTime) {
        guard let connection = connections[token] else { return }
        connection.ready(events)
        collect(connection, now: now)
    }

    func timerFired(_ token: UInt64, now: LoopTime) {
        switch Timer(rawValue: token) {
        case .due: beginDue(now)
        case .sweep: sweep(now)
        case .reconnect:
            waitsToReconnect = false
            dispatchWaiting()
        case nil: break
        }
    }

    func tickEnded(now: LoopTime) -> Bool {
        while let token = touched.popFirst() {
            guard let connection = connections[token] else { continue }
            connection.flush()
            collect(connection, now: now)
        }
        let isLast = isStopping || begunCount == settings.requestCount
        if isLast, endedCount == begunCount { loop.stop() }
        return false
    }

    private func schedule(_ timer: Timer, at instant: LoopTime) {
        _ = loop.timers.schedule(timer.rawValue, at: instant)
    }

    // MARK: Requests

    private func beginDue(_ now: LoopTime) {
        guard !isStopping else { return }
        let nanoseconds = 1e9 / settings.requestsPerSecond
        let dueCount = Int(Double(now.nanoseconds(since: startedAt)) / nanoseconds) + 1
        let target = min(dueCount, settings.requestCount ?? .max)
        let begun = begunCount
        while begunCount < target {
            dispatch(LoadRequest(dueAt: startedAt.advanced(nanoseconds: UInt64(Double(begunCount) * nanoseconds))))
            begunCount += 1
        }
        report { $0.sent += self.begunCount - begun }
        if begunCount != settings.requestCount {
            schedule(.due, at: startedAt.advanced(nanoseconds: UInt64(Double(begunCount) * nanoseconds)))
        }
    }

    private func dispatch(_ request: LoadRequest) {
        nextSlot = (nextSlot + 1) % slots.count
        guard let connection = connection(of: nextSlot) else { return waiting.append(request) }
        connection.send(request)
        touched.insert(connection.token)
    }

    private func dispatchWaiting() {
        let requests = waiting
        waiting = []
        for request in requests { dispatch(request) }
    }

    private func collect(_ connection: LoadConnection, now: LoopTime) {
        let outcomes = connection.outcomes
        connection.outcomes.removeAll(keepingCapacity: true)
        if connection.isOver {
            connections[connection.token] = nil
            if !connection.isConnected { connectFailed(nil) }
        } else if !connection.isUsable, connection.isIdle {
            connection.close()
            connections[connection.token] = nil
        }
        guard !outcomes.isEmpty else { return }
        report { report in for outcome in outcomes { self.record(outcome, in: &report, now: now) } }
        for case .returned(let request) in outcomes { dispatch(request) }
    }

    private func record(_ outcome: LoadConnection.Outcome, in report: inout LoadReport, now: LoopTime) {
        switch outcome {
        case .answered(let request, let answer):
            endedCount += 1
            report.record(answer, microseconds: now.nanoseconds(since: request.dueAt) / 1_000)
        case .failed(_, let text):
            endedCount += 1
            report.failures[text, default: 0] += 1
        case .returned: report.resent += 1
        case .goaway: report.goaways += 1
        }
    }

    private func sweep(_ now: LoopTime) {
        schedule(.sweep, at: now.advanced(milliseconds: LoadRoom.sweepMilliseconds))
        let timeout = settings.timeoutMilliseconds * 1_000_000
        guard now.nanoseconds > timeout else { return }
        let instant = LoopTime(nanoseconds: now.nanoseconds - timeout)
        let text = "no answer in \(settings.timeoutMilliseconds) ms"
        for connection in connections.values {
            connection.expire(before: instant, text)
            touched.insert(connection.token)
        }
        let late = waiting.filter { $0.dueAt < instant }
        waiting.removeAll { $0.dueAt < instant }
        endedCount += late.count
        report { report in
            for request in late { report.failures[request.lastFailure ?? self.connectFailure ?? text, default: 0] += 1 }
        }
    }

    // MARK: Connections

    /// The slot's connection, made when there is none that takes requests; nil while it has to wait for that.
    private func connection(of slot: Int) -> LoadConnection? {
        if let connection = connections[slots[slot]], connection.isUsable { return connection }
        guard !waitsToReconnect else { return nil }
        lastToken += 1
        slots[slot] = lastToken
        let address = settings.addresses[addressIndex % settings.addresses.count]
        do throws(LinkFailure) {
            let link = try connect(to: address)
            do throws(SystemError) { try loop.register(link.descriptor, token: lastToken) } catch {
                throw LinkFailure(errno: error.code)
            }
            let connection = LoadConnection(token: lastToken, link: link, settings: settings, blocks: blocks)
            connections[lastToken] = connection
            connectFailure = nil
            return connection
        } catch {
            connectFailed(error.text)
            return nil
        }
    }

    private func connect(to address: Address) throws(LinkFailure) -> Link {
        var session: TLS.Session?
        if let context, let tls = settings.tls {
            do throws(TLSError) { session = try TLS.Session(client: context, serverName: tls.serverName) } catch {
                throw LinkFailure(error.text)
            }
        }
        do throws(SystemError) {
            return Link(try Socket.connect(to: address), tls: session, scratch: scratch)
        } catch {
            throw LinkFailure(errno: error.code)
        }
    }

    private func connectFailed(_ text: String?) {
        if let text { connectFailure = text }
        addressIndex += 1
        guard !waitsToReconnect else { return }
        waitsToReconnect = true
        schedule(.reconnect, at: loop.now.advanced(milliseconds: LoadRoom.reconnectMilliseconds))
    }
}
