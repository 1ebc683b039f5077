import DataPlane
import Model

/// Asks the workers for their counters, and waits no longer than a second: a worker that hangs must not hang the page
/// that tells of it.
actor CounterReader {
    private let edge: Edge
    private var latest: [WorkerCounters] = []
    private var latestInFlight: [UInt32] = []

    init(edge: Edge) { self.edge = edge }

    /// As of now, or the last ones that came.
    func read() async -> [WorkerCounters] {
        if let answer = await ask({ await $0.collectCounters() }) { latest = answer }
        return latest
    }

    /// Open exchanges by the raw value of cell ids: as of now, or the last ones that came.
    func inFlight() async -> [UInt32] {
        if let answer = await ask({ await $0.collectInFlight() }) { latestInFlight = answer }
        return latestInFlight
    }

    /// Every worker that has not ended answers in time.
    func areAllAnswering() async -> Bool { await ask { await $0.collectCounters() } != nil }

    /// Nil: some worker did not answer within a second.
    private func ask<Answer: Sendable>(_ question: @escaping @Sendable (Edge) async -> Answer) async -> Answer? {
        let (answers, teller) = AsyncStream<Answer>.makeStream()
        Task { [edge] in teller.yield(await question(edge)) }
        let patience = Task {
            try? await Task.sleep(for: .seconds(1))
            teller.finish()
        }
        defer { patience.cancel() }
        return await answers.first { _ in true }
    }
}
