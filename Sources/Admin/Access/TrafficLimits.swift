import ControlPlane
import Synchronization

/// What the admin API takes at most, so that a flood of calls costs the machine little. One for all listeners.
final class TrafficLimits: Sendable {
    /// Worked on at once.
    static let calls = 32
    /// Reading a form of somebody who is not known yet.
    static let signIns = 8
    /// Waiting for a drain.
    static let waits = 64
    /// Following events.
    static let streams = 32

    let calls = Seats(count: TrafficLimits.calls)
    let socketCalls = Seats(count: TrafficLimits.calls)
    let signIns = Seats(count: TrafficLimits.signIns)
    let waits = Seats(count: TrafficLimits.waits)
    let streams = Seats(count: TrafficLimits.streams)
    /// Of one address. The socket's is the owner's own, who writes as fast as the disk does.
    private let rates = Mutex(SourceRates(perSecond: 200, burst: 400))
    private let socketRates = Mutex(SourceRates(perSecond: 1_000, burst: 2_000))
    private let clock: ControlClock

    init(_ clock: ControlClock) { self.clock = clock }

    func takes(from address: String, isSocket: Bool) -> Bool {
        let now = clock.now()
        if isSocket { return socketRates.withLock { $0.take(from: address, now: now) } }
        return rates.withLock { $0.take(from: LoginLimit.key(of: address), now: now) }
    }
}
