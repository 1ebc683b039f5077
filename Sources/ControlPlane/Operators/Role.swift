/// What a caller of the admin API may do; each includes the ones before.
public enum Role: String, Sendable, CaseIterable, Codable, Comparable {
    /// Reads everything but credentials.
    case viewer
    /// Moves traffic: weights, dials, drains, tenants.
    case `operator`
    /// Credentials, keys, configuration, ownership.
    case admin

    public static func < (a: Role, b: Role) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .operator: 1
        case .admin: 2
        }
    }
}
