public import Model

/// What active probes know of one endpoint.
public struct EndpointHealth: Equatable, Sendable {
    public var state = HealthState.unknown
    /// Why the last failed probe failed; empty when none did.
    public var lastFailure = ""
    /// Smoothed over the probes that succeeded; 0 before the first.
    public var roundTripNanoseconds: UInt64 = 0
    public init() {}
    init(state: HealthState, lastFailure: String, roundTripNanoseconds: UInt64) {
        (self.state, self.lastFailure, self.roundTripNanoseconds) = (state, lastFailure, roundTripNanoseconds)
    }
}
