public import Model

/// Endpoints of one cell, by what is known of them.
public struct HealthTally: Equatable, Sendable {
    public private(set) var up = 0
    public private(set) var unknown = 0
    public private(set) var total = 0

    public init(_ states: some Sequence<HealthState>) {
        for state in states {
            total += 1
            switch state {
            case .up: up += 1
            case .unknown: unknown += 1
            case .down: break
            }
        }
    }

    /// Healthy while at least that share of them are up (routing.md, Health); nil while the unknown ones could tip it.
    public func isHealthy(percent: Int) -> Bool? {
        if total > 0, 100 * up >= percent * total { return true }
        return 100 * (up + unknown) < percent * total || total == 0 ? false : nil
    }
}
