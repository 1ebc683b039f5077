import Synchronization

/// Work of which one run follows another. Whoever asks while one is under way gets the next, and so does everybody who
/// asks until that begins: each gets a run that began after it asked, and never more than one of those waits. Whoever
/// asks alone shares with nobody.
final class SharedTurn<Outcome: Sendable>: Sendable {
    private struct State {
        /// The one that nothing follows yet.
        var last: Task<Outcome, Never>?
        /// To be shared, and not begun yet.
        var shared: Task<Outcome, Never>?
    }

    private let state = Mutex(State())

    /// - Parameters:
    ///   - alone: its outcome is for nobody else.
    ///   - work: the same whoever asks, but for those alone. It is not given up when one of them is.
    func run(alone: Bool = false, _ work: @escaping @Sendable () async -> Outcome) async -> Outcome {
        let task = state.withLock { state in
            if !alone, let shared = state.shared { return shared }
            let task = Task { [before = state.last] in
                _ = await before?.value
                if !alone { self.state.withLock { $0.shared = nil } }
                return await work()
            }
            state.last = task
            if !alone { state.shared = task }
            return task
        }
        return await task.value
    }
}
