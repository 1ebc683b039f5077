import Model
import Policy

/// One instant on both clocks: the one place where the event loops' time and wall time become each other.
///
/// The wall clock may be set at any time. What is reckoned with is always the loop's; wall time is for people and for
/// what outlives the process.
struct Moment: Equatable, Sendable {
    let loop: LoopTime
    /// Nanoseconds since 1970.
    let wall: UInt64

    init(loop: LoopTime, wall: UInt64) { (self.loop, self.wall) = (loop, wall) }
    init(_ clock: ControlClock) { self.init(loop: clock.now(), wall: clock.wallNanoseconds()) }

    /// Wall time when something that began then was, or will be, so old. No earlier than 1970, where a clock that was
    /// never set may be.
    func wall(of beginning: Beginning, atAge nanoseconds: UInt64 = 0) -> UInt64 {
        let age = beginning.age(at: loop)
        if nanoseconds <= age { return wall - min(wall, age - nanoseconds) }
        return Moment.sum(wall, nanoseconds - age)
    }

    /// Nil: never.
    func wall(ofExpiry time: LoopTime) -> UInt64? {
        if time == .distantFuture { return nil }
        return time > loop
            ? Moment.sum(wall, time.nanoseconds(since: loop)) : wall - min(wall, loop.nanoseconds(since: time))
    }

    /// One that lies ahead began just now: the clock was set back since.
    func beginning(at wall: UInt64) -> Beginning {
        Beginning(loop, elapsedNanoseconds: self.wall - min(wall, self.wall))
    }

    /// What is past is due now; nil: never.
    func expiry(at wall: UInt64?) -> LoopTime {
        guard let wall else { return .distantFuture }
        return loop.advanced(nanoseconds: wall - min(wall, self.wall))
    }

    private static func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let (sum, isTooLate) = a.addingReportingOverflow(b)
        return isTooLate ? .max : sum
    }
}
