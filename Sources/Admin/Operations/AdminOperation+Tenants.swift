import ControlPlane
import HTTPTypes

/// Where tenants belong.
extension AdminOperation {
    static let tenants = [
        AdminOperation(
            id: "listTenants", method: .get, path: "/v1/tenants",
            summary: "Tenants with a home: the file's, and those of operators over them. By name.", role: .viewer,
            query: Call.paging(), answers: [.json(TenantList.self, "The tenants.", hasGeneration: true)],
            run: { call in
                let (limit, generation) = (call.limit(), await call.service.generations().first)
                // One more than is shown tells whether there are more.
                var items = await call.service.tenants(after: try call.mark(), limit: limit + 1)
                let hasMore = items.count > limit
                items = Array(items.prefix(limit))
                let next = hasMore ? items.last.map { Call.next($0.tenant) } : nil
                return try .json(TenantList(tenants: items, next: next), generation: generation)
            }),
        AdminOperation(
            id: "readTenant", method: .get, path: "/v1/tenants/{tenant}", summary: "One tenant's home.", role: .viewer,
            answers: [.json(Status.Tenant.self, "The tenant.", hasGeneration: true)],
            run: { call in
                let (name, generation) = (call.name("tenant"), await call.service.generations().first)
                guard let tenant = await call.service.tenant(name) else {
                    throw AdminRefusal.missing("no tenant “\(ValueKind.short(name))” has a home here")
                }
                return try .json(tenant, generation: generation)
            }),
        AdminOperation(
            id: "pinTenant", method: .put, path: "/v1/tenants/{tenant}", summary: "Gives a tenant a home.",
            role: .operator, action: "tenant.pin",
            body: .json([
                Field("home", .text(1...63), isRequired: true, "A region."),
                Field("residency", .texts(upTo: 64), "Jurisdictions its data may be in; the home's where absent."),
                reasonField,
            ]),
            answers: [.json(Status.Tenant.self, "The tenant.")],
            run: { call in
                try .json(
                    await call.service.pin(
                        tenant: call.name("tenant"), home: call.body.text("home") ?? "",
                        residency: call.body.texts("residency"), reason: call.reason, call.change()))
            }),
        AdminOperation(
            id: "unpinTenant", method: .delete, path: "/v1/tenants/{tenant}",
            summary: "Returns a tenant to the home that the file gives it, if any.", role: .operator,
            action: "tenant.unpin", query: [reasonParameter],
            answers: [Answer(status: .noContent, summary: "It is done.", contents: [])],
            run: { call in
                let change = call.change { _ in Reply(status: .noContent) }
                try await call.service.unpin(tenant: call.name("tenant"), reason: call.reason, change)
                return Reply(status: .noContent)
            }),
    ]
}
