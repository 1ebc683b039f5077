/// One line of an access log: of a request, or of what the ids in other lines stand for.
struct LogLine: Decodable, Sendable {
    var layout: LogLayout?
    var pins: LogPins?
    var snapshot: LogSnapshot?
    var time: String?
    var requestID: String?
    var method: String?
    var authority: String?
    var path: String?
    var route: String?
    var tenant: String?
    var region: String?
    var cell: String?
    var endpoint: String?
    var reason: String?
    var generation: UInt64?
    /// Nil: the edge answered before it decided.
    var facts: String?
    /// It is of a version that keeps facts.
    var hasFacts: Bool

    private enum CodingKeys: String, CodingKey {
        case layout, pins, snapshot, time, method, authority, path, route, tenant, region, cell, endpoint, reason,
            generation
        case facts
        case requestID = "request_id"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        layout = try fields.decodeIfPresent(LogLayout.self, forKey: .layout)
        pins = try fields.decodeIfPresent(LogPins.self, forKey: .pins)
        snapshot = try fields.decodeIfPresent(LogSnapshot.self, forKey: .snapshot)
        func text(_ key: CodingKeys) throws -> String? { try fields.decodeIfPresent(String.self, forKey: key) }
        (time, requestID, method) = (try text(.time), try text(.requestID), try text(.method))
        (authority, path, route, tenant) = (try text(.authority), try text(.path), try text(.route), try text(.tenant))
        (region, cell, endpoint) = (try text(.region), try text(.cell), try text(.endpoint))
        (reason, facts) = (try text(.reason), try text(.facts))
        generation = try fields.decodeIfPresent(UInt64.self, forKey: .generation)
        hasFacts = fields.contains(.facts)
    }
}
