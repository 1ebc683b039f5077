import Model

/// A stage's no.
struct Refusal: Equatable, BitwiseCopyable {
    let status: UInt16
    let reason: Reason
    static let noRoute = Refusal(status: 404, reason: .noRoute)
    static let noRegion = Refusal(status: 503, reason: .noRegion)
    static let regionUnknown = Refusal(status: 400, reason: .xRegionUnknown)
    static let regionUnavailable = Refusal(status: 503, reason: .xRegionUnavailable)
}
