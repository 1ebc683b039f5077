import Model
import Policy

/// Tenants' homes: the file's pins, and operators' over them.
extension Controller {
    /// The most that is given at once: a page, and one more that tells whether there are more.
    static let longestPage = 1_001

    /// Nil: nobody pinned it.
    public func tenant(_ name: String) -> Status.Tenant? { Status.Tenant(name, steering) }

    /// By name, those after `after`; 1–1,001. The first call after a configuration was applied sorts all of its pins;
    /// neither that nor a page holds up what watches health.
    public func tenants(after: String?, limit: Int) async -> [Status.Tenant] {
        let steering = steering
        let directory = directory ?? Task.detached { TenantDirectory(steering.configuration.tenants.pins) }
        self.directory = directory
        let limit = min(Controller.longestPage, max(1, limit))
        return await Task.detached {
            await directory.value.page(after: after, limit: limit, over: steering.pins).map { pin, said in
                Status.Tenant(steering.complete(pin), said: said)
            }
        }.value
    }

    /// An operator's word over the file's, once it is durable.
    /// - Parameter residency: jurisdictions; empty: the home's own.
    public func pin(
        tenant: String, home: String, residency: [String], reason: String, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.Tenant {
        let pin = Configuration.Pin(tenant: tenant, home: home, residency: residency)
        return try await make(PinChange(pin: pin, reason: reason, who: context.caller.name), context)
    }

    /// Back to the file's, if it has one.
    public func unpin(tenant: String, reason: String, _ context: ChangeContext) async throws(ChangeError) {
        _ = try await make(UnpinChange(unpinned: tenant, reason: reason, who: context.caller.name), context)
    }
}
