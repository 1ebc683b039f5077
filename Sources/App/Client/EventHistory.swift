import ControlPlane

/// Events that were, out of the pages of an edge.
struct EventHistory {
    private static let pageSize = 1_000

    let client: AdminClient

    /// Greater numbers than `number`, oldest first.
    func after(_ number: UInt64, about subject: String?, limit: Int) async throws(CommandFailure) -> [Status.Event] {
        var (events, last) = ([Status.Event](), number)
        while events.count < limit {
            let size = min(limit - events.count, EventHistory.pageSize)
            let query: [(name: String, value: String?)] = [
                ("since", "\(last)"), ("subject", subject), ("limit", "\(size)"),
            ]
            let page = try await client.get(Page<Status.Event>.self, AdminRequest.path("/v1/events", query))
            let fresh = page.items.filter { $0.number > last }
            events += fresh
            guard let newest = fresh.last, page.items.count >= size else { break }
            last = newest.number
        }
        return events
    }

    /// The last ones, oldest first: one page, or what is left of all there are.
    func latest(_ limit: Int, about subject: String?) async throws(CommandFailure) -> [Status.Event] {
        guard limit <= EventHistory.pageSize else {
            return try await after(0, about: subject, limit: .max).suffix(limit)
        }
        let query: [(name: String, value: String?)] = [("subject", subject), ("limit", "\(limit)")]
        return try await client.get(Page<Status.Event>.self, AdminRequest.path("/v1/events", query)).items
    }

    /// The last few, for a picture that is worth showing without them.
    func lately(about subject: String) async -> [Status.Event] { (try? await latest(8, about: subject)) ?? [] }

    func newestNumber() async throws(CommandFailure) -> UInt64 {
        try await client.get(Status.Edge.self, "/v1/status").events.map(\.number).max() ?? 0
    }
}
