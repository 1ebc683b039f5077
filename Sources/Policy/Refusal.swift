import Model

/// A stage's no.
struct Refusal: Equatable, BitwiseCopyable {
    let status: UInt16
    let reason: Reason
    static let tenantConflict = Refusal(status: 400, reason: .tenantConflict)
    static let noRoute = Refusal(status: 404, reason: .noRoute)
    static let residencyDenied = Refusal(status: 503, reason: .residencyDenied)
    static let misrouteRedirected = Refusal(status: 307, reason: .misroute)
    static let misrouteRejected = Refusal(status: 421, reason: .misroute)
    static let ownerUnknown = Refusal(status: 503, reason: .ownerUnknown)
    static let ownerUnhealthy = Refusal(status: 503, reason: .ownerUnhealthy)
    static let ownerOutsideResidency = Refusal(status: 503, reason: .ownerOutsideResidency)
    static let noRegion = Refusal(status: 503, reason: .noRegion)
    static let regionUnknown = Refusal(status: 400, reason: .xRegionUnknown)
    static let regionUnavailable = Refusal(status: 503, reason: .xRegionUnavailable)
}
