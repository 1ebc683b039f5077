import ControlPlane

/// What `portolan top` shows, as one moment's answers tell it.
struct TopReading: Codable, Equatable, Sendable {
    /// On a clock that only grows.
    var milliseconds: UInt64
    var status: Status.Edge
    var regions: [Status.Region]
    var cells: [Status.Cell]
    /// Those that have not ended.
    var drains: [Status.Drain]

    init(
        milliseconds: UInt64, status: Status.Edge, regions: [Status.Region], cells: [Status.Cell],
        drains: [Status.Drain]
    ) {
        (self.milliseconds, self.status, self.regions) = (milliseconds, status, regions)
        (self.cells, self.drains) = (cells, drains)
    }

    init(_ client: AdminClient, at milliseconds: UInt64) async throws(CommandFailure) {
        status = try await client.get(Status.Edge.self, "/v1/status")
        regions = try await client.all(Status.Region.self, "/v1/regions")
        cells = try await client.all(Status.Cell.self, "/v1/cells")
        drains = try await client.all(Status.Drain.self, "/v1/drains").filter { $0.state != "ended" }
        self.milliseconds = milliseconds
    }

    /// Of the totals between two readings; nil when the edge was started anew in between.
    struct Rates: Equatable {
        var requestsPerSecond: Double
        var errorPercent: Double
    }

    func rates(since earlier: TopReading) -> Rates? {
        func grown(_ name: String) -> UInt64? {
            let (now, before) = (status.totals[name] ?? 0, earlier.status.totals[name] ?? 0)
            return now >= before ? now - before : nil
        }
        guard milliseconds > earlier.milliseconds, let requests = grown("requests"),
            let errors = grown("responses_5xx")
        else { return nil }
        let answers = (2...5).reduce(UInt64(0)) { $0 + (grown("responses_\($1)xx") ?? 0) }
        return Rates(
            requestsPerSecond: Double(requests) * 1_000 / Double(milliseconds - earlier.milliseconds),
            errorPercent: answers == 0 ? 0 : Double(errors) * 100 / Double(answers))
    }
}
