import ControlPlane
import Model
import Synchronization

/// A clock that moves when told to, with the tasks that sleep on it.
final class ManualClock: Sendable {
    private struct State {
        var now = LoopTime.zero
        /// Nanoseconds since 1970.
        var wall: UInt64 = 0
        var sleepers: [Int: (deadline: LoopTime, continuation: CheckedContinuation<Void, Never>)] = [:]
        var cancelled = Set<Int>()
        var lastSleeper = 0
    }

    private let state: Mutex<State>

    /// - Parameter wall: nanoseconds since 1970.
    init(now: LoopTime = .zero, wall: UInt64 = 0) { state = Mutex(State(now: now, wall: wall)) }

    var now: LoopTime { state.withLock(\.now) }
    var wall: UInt64 { state.withLock(\.wall) }

    var clock: ControlClock {
        ControlClock(
            now: { self.now }, wallNanoseconds: { self.wall },
            sleep: { await self.sleep(until: $0) })
    }

    /// From now on it is 1970 again, as after a restart of a machine whose clock has no battery.
    func resetWall() { state.withLock { $0.wall = 0 } }

    /// Somebody sets the clock; no time passes.
    func set(wall: UInt64) { state.withLock { $0.wall = wall } }

    func advance(milliseconds: UInt64) {
        let due = state.withLock { state in
            state.now = state.now.advanced(milliseconds: milliseconds)
            state.wall += milliseconds * 1_000_000
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    /// Lets other tasks run until one sleeps past now.
    func untilAsleep() async {
        while !state.withLock({ !$0.sleepers.isEmpty }) { await Task.yield() }
    }

    private func sleep(until deadline: LoopTime) async {
        let id = state.withLock { state in
            state.lastSleeper += 1
            return state.lastSleeper
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if deadline <= state.now || state.cancelled.remove(id) != nil { return true }
                    state.sleepers[id] = (deadline, continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                guard let sleeper = state.sleepers.removeValue(forKey: id) else {
                    state.cancelled.insert(id)
                    return nil as CheckedContinuation<Void, Never>?
                }
                return sleeper.continuation
            }
            continuation?.resume()
        }
    }
}
