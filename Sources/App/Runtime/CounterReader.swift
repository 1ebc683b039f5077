import DataPlane
import Model

/// Asks the workers for their counters, and waits no longer than a second: a worker that hangs must not hang the page
/// that tells of it.
actor CounterReader {
    private let counters: SharedQuestion<[WorkerCounters]>
    private let open: SharedQuestion<[UInt32]>
    private var latest: [WorkerCounters] = []
    private var latestInFlight: [UInt32] = []

    init(edge: Edge) {
        counters = SharedQuestion { await edge.collectCounters() }
        open = SharedQuestion { await edge.collectInFlight() }
    }

    /// As of now, or the last ones that came.
    func read() async -> [WorkerCounters] {
        if let answer = await counters.ask() { latest = answer }
        return latest
    }

    /// Open exchanges by the raw value of cell ids: as of now, or the last ones that came.
    func inFlight() async -> [UInt32] {
        if let answer = await open.ask() { latestInFlight = answer }
        return latestInFlight
    }

    /// Every worker that has not ended answers in time.
    func areAllAnswering() async -> Bool { await counters.ask() != nil }
}
