public import ControlPlane
public import Policy

/// What operators do through the admin API. Each closure answers within seconds whatever happens.
public struct AdminOperations: Sendable {
    public var change: @Sendable (OperatorCommand) async throws(OperatorRefusal) -> Status.Change
    public var preview: @Sendable (OperatorCommand) async throws(OperatorRefusal) -> Status.Change
    public var drain: @Sendable (OperatorCommand) async throws(OperatorRefusal) -> Status.Drain
    public var drains: @Sendable () async -> DrainList
    public var explain: @Sendable (ExplainRequest) async -> Status.Explanation

    public init(
        change: @escaping @Sendable (OperatorCommand) async throws(OperatorRefusal) -> Status.Change,
        preview: @escaping @Sendable (OperatorCommand) async throws(OperatorRefusal) -> Status.Change,
        drain: @escaping @Sendable (OperatorCommand) async throws(OperatorRefusal) -> Status.Drain,
        drains: @escaping @Sendable () async -> DrainList,
        explain: @escaping @Sendable (ExplainRequest) async -> Status.Explanation
    ) {
        (self.change, self.preview, self.drain) = (change, preview, drain)
        (self.drains, self.explain) = (drains, explain)
    }
}
