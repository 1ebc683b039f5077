import DataPlane
import Model

/// Asks the workers for their counters, and waits no longer than a second: a worker that hangs must not hang the page
/// that tells of it.
actor CounterReader {
    private let edge: Edge
    private var latest: [WorkerCounters] = []
    private var hasEnded = false

    init(edge: Edge) { self.edge = edge }

    /// As of now, or the last ones that came.
    func read() async -> [WorkerCounters] {
        if hasEnded { return latest }
        let (answers, teller) = AsyncStream<[WorkerCounters]>.makeStream()
        Task { [edge] in teller.yield(await edge.collectCounters()) }
        let patience = Task {
            try? await Task.sleep(for: .seconds(1))
            teller.finish()
        }
        // Workers that ended are missing: what all of them counted is then the better answer.
        if let answer = await answers.first(where: { _ in true }), answer.count >= latest.count { latest = answer }
        patience.cancel()
        return latest
    }

    /// The workers have been told to end.
    func end() { hasEnded = true }
}
