import Model

/// How many requests each cell had over the last 10 s, and how many of them failed: what operators' safety checks and
/// the way back from a drain go by.
struct CellRates: Sendable {
    /// A window of ten seconds, a bucket each.
    private static let bucketNanoseconds: UInt64 = 1_000_000_000

    /// By cell id.
    private var windows: [RequestWindow] = []
    init() {}

    mutating func grow(to count: Int) { while windows.count < count { windows.append(RequestWindow()) } }

    mutating func add(_ observation: EndpointObservation, to cell: CellID, now: LoopTime) {
        windows[cell.index].turn(to: now.nanoseconds / CellRates.bucketNanoseconds)
        windows[cell.index].add(observation)
    }

    /// Requests a second, and the share of them that failed (0 without any).
    func rate(of cell: CellID, now: LoopTime) -> (requestsPerSecond: Double, errorShare: Double) {
        var window = windows[cell.index]
        window.turn(to: now.nanoseconds / CellRates.bucketNanoseconds)
        let (requests, failures) = (Double(window.total.requests), Double(window.total.failures))
        return (requests / Double(RequestWindow.count), requests > 0 ? failures / requests : 0)
    }
}
