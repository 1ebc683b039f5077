import Model

/// What happened in a simulated world, as counts.
public struct SimulationReport: Equatable, Sendable {
    public var milliseconds: UInt64 = 0
    public var requests = 0
    public var answered = 0
    /// Requests that failed, by the reason their clients were given; indices are `Reason.rawValue`.
    public var failures = [Int](repeating: 0, count: Reason.allCases.count)
    public var retries = 0
    /// Sent elsewhere because nothing had reached the endpoint.
    public var resends = 0
    public var rescues = 0
    public var fallbacks = 0
    public var spills = 0
    public var dialed = 0
    public var panics = 0
    public var misroutes = 0
    public var sessionsNew = 0
    public var sessionsMovedByHealth = 0
    public var sessionsMovedByDrain = 0
    public var writes = 0
    public var probes = 0
    public var publications = 0
    public var operations = 0
    /// Operators' wishes that were refused with the numbers.
    public var operationsRefused = 0
    /// First tries by cell id.
    public var cells: [Int] = []
    /// Events by kind, in the order of `EventKind.allCases`.
    public var events = [Int](repeating: 0, count: EventKind.allCases.count)
    /// From a fault's beginning until the endpoint was taken out, the worst of all, in nanoseconds.
    public var worstRefusal: UInt64 = 0
    public var worstSilence: UInt64 = 0
    /// The most that a cell was ever off its share of unkeyed requests, in requests.
    public var worstShareError = 0.0

    public init() {}

    public var failed: Int { failures.reduce(0, +) }

    mutating func count(_ kind: EventKind) {
        if let index = EventKind.allCases.firstIndex(of: kind) { events[index] += 1 }
    }

    /// Adds another world's counts.
    public mutating func add(_ other: SimulationReport) {
        milliseconds += other.milliseconds
        requests += other.requests
        answered += other.answered
        retries += other.retries
        resends += other.resends
        rescues += other.rescues
        fallbacks += other.fallbacks
        spills += other.spills
        dialed += other.dialed
        panics += other.panics
        misroutes += other.misroutes
        sessionsNew += other.sessionsNew
        sessionsMovedByHealth += other.sessionsMovedByHealth
        sessionsMovedByDrain += other.sessionsMovedByDrain
        writes += other.writes
        probes += other.probes
        publications += other.publications
        operations += other.operations
        operationsRefused += other.operationsRefused
        for index in failures.indices { failures[index] += other.failures[index] }
        for index in events.indices { events[index] += other.events[index] }
        if cells.count < other.cells.count { cells += [Int](repeating: 0, count: other.cells.count - cells.count) }
        for index in other.cells.indices { cells[index] += other.cells[index] }
        worstRefusal = max(worstRefusal, other.worstRefusal)
        worstSilence = max(worstSilence, other.worstSilence)
        worstShareError = max(worstShareError, other.worstShareError)
    }
}
