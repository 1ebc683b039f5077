public import Model

/// An endpoint that is to be watched, and how.
public final class Watch: Equatable, Sendable {
    public let endpoint: EndpointID
    public let target: UpstreamTarget
    public let health: Configuration.Health

    public init(endpoint: EndpointID, target: UpstreamTarget, health: Configuration.Health) {
        (self.endpoint, self.target, self.health) = (endpoint, target, health)
    }

    public static func == (one: Watch, other: Watch) -> Bool {
        one === other
            || one.endpoint == other.endpoint && one.target == other.target && one.health == other.health
    }
}
