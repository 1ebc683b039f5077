/// Why a stage took a region, a cell or an endpoint away. Raw values are for programs, `text` is for people.
public enum Loss: String, Sendable, CaseIterable {
    // Regions.
    case outsideFence = "outside_fence"
    case notOwner = "not_owner"
    case notNamed = "not_named"
    case notHeld = "not_held"
    case sessionLeaves = "session_leaves"
    case standby
    case dialZero = "dial_zero"
    case noEndpointUp = "no_endpoint_up"
    case noWeight = "no_weight"
    case justFailed = "just_failed"
    case worse
    case notHome = "not_home"
    case notLocal = "not_local"
    case farther
    case otherTurn = "other_turn"
    case dialedOut = "dialed_out"
    case spilled
    // Cells, and some of the above.
    case drained
    case otherBucket = "other_bucket"
    // Endpoints, and some of the above.
    case down
    case unknownHealth = "unknown_health"
    case notChosen = "not_chosen"

    /// At most 50 characters, so that it fits behind a name.
    public var text: String {
        switch self {
        case .outsideFence: "outside the tenant's jurisdictions"
        case .notOwner: "the data is owned elsewhere"
        case .notNamed: "another region is named, or stands in for it"
        case .notHeld: "the session is held elsewhere"
        case .sessionLeaves: "the session has to leave it"
        case .standby: "standby, or its dial is 0"
        case .dialZero: "its dial is 0"
        case .noEndpointUp: "no endpoint is up"
        case .noWeight: "weight 0, or drained"
        case .justFailed: "nothing but the endpoint that just failed"
        case .worse: "another region is less bad"
        case .notHome: "the tenant goes home"
        case .notLocal: "the local region is as near"
        case .farther: "farther away"
        case .otherTurn: "another one's turn"
        case .dialedOut: "its dial let this request go"
        case .spilled: "too ill for all its requests: spilled"
        case .drained: "drained"
        case .otherBucket: "the key belongs to another cell"
        case .down: "down"
        case .unknownHealth: "not yet probed"
        case .notChosen: "not drawn, or busier than the other one drawn"
        }
    }
}
