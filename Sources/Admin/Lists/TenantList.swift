public import ControlPlane

/// `GET /v1/tenants`.
public struct TenantList: Codable, Equatable, Sendable {
    /// By name.
    public var tenants: [Status.Tenant]
    /// What `?after=` takes to go on; absent at the end.
    public var next: String?
    public init(tenants: [Status.Tenant], next: String? = nil) { (self.tenants, self.next) = (tenants, next) }
}
