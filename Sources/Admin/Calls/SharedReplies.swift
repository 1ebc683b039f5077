import Model
import Synchronization

/// Answers that cost much to make and that many may ask for at once. Whoever looks now and then is told of this moment.
/// When calls come faster than that they share one answer, but never one from before something that its reader may wait
/// to see: a change, another generation, a worker that has taken it up.
final class SharedReplies: Sendable {
    typealias Make = @Sendable () async throws -> Reply

    /// How old a shared answer may be.
    static let milliseconds: UInt64 = 100
    /// Made anew of each kind although a shared one would do, and how many more a second.
    static let burst = 50
    static let perSecond = 10

    private struct Entry {
        let generations: [UInt64]
        let madeAt: LoopTime
        let reply: Task<Reply, any Error>
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var spare = SourceRates(perSecond: SharedReplies.perSecond, burst: SharedReplies.burst)
    }

    private let state = Mutex(State())

    /// - Parameters:
    ///   - kind: one of a fixed few.
    ///   - generations: as of now.
    func reply(_ kind: String, _ generations: [UInt64], now: LoopTime, make: @escaping Make) async throws -> Reply {
        let task = state.withLock { state in
            if let entry = state.entries[kind], entry.generations == generations,
                now.milliseconds(since: entry.madeAt) < SharedReplies.milliseconds,
                !state.spare.take(from: kind, now: now)
            {
                return entry.reply
            }
            let task = Task { try await make() }
            state.entries[kind] = Entry(generations: generations, madeAt: now, reply: task)
            return task
        }
        return try await task.value
    }

    /// Something was changed: what was begun before is told to nobody who asks from now on.
    func forget() { state.withLock { $0.entries = [:] } }
}
