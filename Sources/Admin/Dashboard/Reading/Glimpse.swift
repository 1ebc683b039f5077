import ControlPlane

/// The edge at one moment, as the dashboard shows it.
struct Glimpse: Sendable {
    var status: Status.Edge
    /// The nearest first: the edge's own, then by round-trip time, at last those without one.
    var regions: [Status.Region]
    var cells: [Status.Cell]
    var drains: [Status.Drain]
    /// The latest, oldest first.
    var events: [Status.Event]
    /// Why there are no older events than the process remembers; nil: there are.
    var eventTrouble: String?
    var rates = RateHistory.Reading()

    init(
        status: Status.Edge, regions: [Status.Region], cells: [Status.Cell], drains: [Status.Drain],
        events: [Status.Event]
    ) {
        (self.status, self.cells, self.drains, self.events) = (status, cells, drains, events)
        self.regions = regions.enumerated().sorted { a, b in
            Glimpse.distance(a.element, a.offset) < Glimpse.distance(b.element, b.offset)
        }.map(\.element)
    }

    private static func distance(_ region: Status.Region, _ offset: Int) -> (Int, UInt64, Int) {
        let isKnown = region.rttMicroseconds > 0
        return (region.isLocal ? 0 : isKnown ? 1 : 2, region.rttMicroseconds, offset)
    }

    func cells(of region: String) -> [Status.Cell] { cells.filter { $0.region == region } }
    func cell(_ name: String) -> Status.Cell? { cells.first { $0.name == name } }
    func region(_ name: String) -> Status.Region? { regions.first { $0.name == name } }

    /// Drains that take work away, or give it back.
    var drainsInForce: [Status.Drain] { drains.filter { $0.state != "ended" } }

    /// The one that a cell is under: its own or its region's.
    func drain(over cell: Status.Cell) -> Status.Drain? {
        drainsInForce.last { $0.kind == "cell" ? $0.target == cell.name : $0.target == cell.region }
    }

    func drain(overRegion name: String) -> Status.Drain? {
        drainsInForce.last { $0.kind == "region" && $0.target == name }
    }

    /// Newest first: those about a cell or region, and about what is in it.
    func history(of name: String, limit: Int = 30) -> [Status.Event] {
        let about = events.reversed().lazy.filter { event in
            event.subject.split(separator: "/").contains { $0 == name } || event.subject == name
        }
        return Array(about.prefix(limit))
    }

    /// Workers that go by the snapshot in force.
    var appliedBy: (workers: Int, of: Int) {
        let acknowledged = status.acknowledgedGenerations
        return (acknowledged.count { $0 >= status.generation }, acknowledged.count)
    }
}
