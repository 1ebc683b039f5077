import Synchronization

/// A report that one thread fills and others take.
final class SharedReport: Sendable {
    private struct State {
        var report = LoadReport()
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func change(_ work: (inout LoadReport) -> Void) { state.withLock { work(&$0.report) } }

    /// What was counted since the last call.
    func take() -> LoadReport {
        state.withLock { state in
            defer { state.report = LoadReport() }
            return state.report
        }
    }

    /// Nothing more will be counted.
    func end() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns after `end`.
    func ended() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }
}
