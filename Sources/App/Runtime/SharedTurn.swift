import Synchronization

/// Work of which one run follows another. Whoever asks while one is under way gets the next, and so does everybody who
/// asks until that begins: each gets a run that began after it asked, and never more than one waits.
final class SharedTurn<Outcome: Sendable>: Sendable {
    private struct State {
        /// The latest that began.
        var latest: Task<Outcome, Never>?
        /// Not begun yet.
        var next: Task<Outcome, Never>?
    }

    private let state = Mutex(State())

    /// - Parameter work: the same whoever asks. It is not given up when one of them is.
    func run(_ work: @escaping @Sendable () async -> Outcome) async -> Outcome {
        let task = state.withLock { state in
            if let next = state.next { return next }
            let task = Task { [before = state.latest] in
                _ = await before?.value
                self.state.withLock { ($0.latest, $0.next) = ($0.next, nil) }
                return await work()
            }
            state.next = task
            return task
        }
        return await task.value
    }
}
