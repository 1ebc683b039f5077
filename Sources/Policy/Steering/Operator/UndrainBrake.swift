/// Stops an undrain when the errors of what comes back double (routing.md: each step is stopped when the cell's error
/// rate doubles).
struct UndrainBrake: Equatable, Sendable {
    /// What requests met at the target lately.
    struct Reading: Equatable, Sendable {
        var requestsPerSecond: Double
        /// Of those, 0–1.
        var errorShare: Double
        static let none = Reading(requestsPerSecond: 0, errorShare: 0)
    }

    /// Below it a few errors would be a doubling: one request in a hundred may fail whatever was before.
    static let floor = 0.01
    /// With fewer requests a second the share says nothing: 20 over the 10 s that rates are taken over, as many as the
    /// outlier detector wants.
    static let minRequestsPerSecond = 2.0

    /// Share of errors before the drain, 0–1.
    let before: Double

    func stops(_ reading: Reading) -> Bool {
        reading.requestsPerSecond >= UndrainBrake.minRequestsPerSecond
            && reading.errorShare >= max(2 * before, UndrainBrake.floor)
    }
}
