public import Model

/// One request that a client makes.
public struct Visit: Equatable, Sendable {
    /// Milliseconds since the simulation's start.
    public var at: UInt64
    /// Index of the configured route it is made for.
    public var route: UInt16
    public var method: Method
    /// Index of `Scene.tenants`; -1: no tenant named.
    public var tenant: Int32
    /// Number of the client, which stands for its session or its key.
    public var producer: UInt32
    /// Index of the configured region that `x-region` names; -1: none, -2: a name that nobody knows.
    public var region: Int16
}
