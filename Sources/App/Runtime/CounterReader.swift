import DataPlane
import Model

/// Asks the workers for their counters, and waits no longer than a second: a worker that hangs must not hang the page
/// that tells of it.
actor CounterReader {
    private let edge: Edge
    private var latest: [WorkerCounters] = []

    init(edge: Edge) { self.edge = edge }

    /// As of now, or the last ones that came.
    func read() async -> [WorkerCounters] {
        if let answer = await ask() { latest = answer }
        return latest
    }

    /// Every worker that has not ended answers in time.
    func areAllAnswering() async -> Bool { await ask() != nil }

    /// Nil: some worker did not answer within a second.
    private func ask() async -> [WorkerCounters]? {
        let (answers, teller) = AsyncStream<[WorkerCounters]>.makeStream()
        Task { [edge] in teller.yield(await edge.collectCounters()) }
        let patience = Task {
            try? await Task.sleep(for: .seconds(1))
            teller.finish()
        }
        defer { patience.cancel() }
        return await answers.first { _ in true }
    }
}
