import Model

/// Operators' pins, as a line of its own in an access log (`{"pins":…}`): all of them, or what became another since the
/// line before. Names alone, so that they go before the pins of any configuration.
struct LogPins: Codable, Equatable, Sendable {
    struct Pin: Codable, Equatable, Sendable {
        var tenant: String
        var home: String
        /// As the operator said it; empty: the home's jurisdiction.
        var residency: [String]
    }

    var run: String
    /// The first generation that it holds for.
    var number: UInt64
    /// Number of the line that it goes on from; absent: these are all.
    var after: UInt64?
    var set: [Pin]
    /// Tenants that no operator pins any more.
    var gone: [String]?

    init(run: String, number: UInt64, after: UInt64?, set: [Configuration.Pin], gone: [String]) {
        (self.run, self.number, self.after) = (run, number, after)
        self.set = set.map { Pin(tenant: $0.tenant, home: $0.home, residency: $0.residency) }
        self.gone = gone.isEmpty ? nil : gone
    }

    var change: PinHistory.Change {
        PinHistory.Change(
            number: number, set: set.map { .init(tenant: $0.tenant, home: $0.home, residency: $0.residency) },
            gone: gone ?? [])
    }
}
