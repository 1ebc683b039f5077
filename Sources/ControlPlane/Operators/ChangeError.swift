public import Policy
public import Store

/// Why a change was not made: nothing has changed.
public enum ChangeError: Error, Equatable, Sendable {
    case refused(OperatorRefusal)
    /// `If-Match` named another generation than the one in force.
    case stale(inForce: UInt64)
    /// Nothing of that name: a tenant without a pin, a token, a dataset.
    case unknown(String)
    /// What was asked for is wrong in itself: the place and the remedy.
    case invalid(String)
    /// It would have to be in force without being durable.
    case notStored(StoreError)

    /// For programs: in problems, in the audit log.
    public var code: String {
        switch self {
        case .refused(let refusal): refusal.code.rawValue
        case .stale: "stale_generation"
        case .unknown: "unknown_target"
        case .invalid: "invalid"
        case .notStored(let error):
            switch error.kind {
            case .full: "store_full"
            case .readOnly: "store_read_only"
            case .unavailable: "store_unavailable"
            }
        }
    }

    /// HTTP.
    public var status: Int {
        switch self {
        case .refused(let refusal): refusal.status
        case .stale: 412
        case .unknown: 404
        case .invalid: 400
        case .notStored(let error): error.kind == .full ? 507 : 503
        }
    }

    /// One sentence: what, where, and what to do.
    public var detail: String {
        switch self {
        case .refused(let refusal): refusal.detail
        case .stale(let generation):
            "generation \(generation) is in force: look at what changed, then send its number as If-Match"
        case .unknown(let text), .invalid(let text): text
        case .notStored(let error): "nothing was changed, because it could not be made durable: \(error)"
        }
    }
}
