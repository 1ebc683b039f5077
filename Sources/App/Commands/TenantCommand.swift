import Admin
import ArgumentParser
import ControlPlane
import Foundation

extension Status.Tenant: Listed {
    static let plural = "tenants"
    static let abstract = "All pinned tenants: the file's and operators'."
    static func lines(_ all: [Status.Tenant], on screen: Screen) -> [String] {
        AdministrationText.lines(all, on: screen)
    }
}

/// `portolan tenant`.
struct TenantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant", abstract: "Where tenants are at home, and where their data may be.",
        subcommands: [Show.self, Pin.self, Unpin.self, ListCommand<Status.Tenant>.self])

    static func path(_ tenant: String) -> String { "/v1/tenants/\(AdminRequest.escaped(tenant))" }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One tenant's home and residency.")
        @Argument(help: ArgumentHelp("The tenant.", valueName: "TENANT")) var tenant: String
        @OptionGroup var options: AdminOptions

        func run() async throws {
            try await options.show(TenantCommand.path(tenant)) { (tenant: Status.Tenant, screen) in
                AdministrationText.lines(tenant, on: screen)
            }
        }
    }

    struct Pin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a tenant a home, and say where its data may be.",
            discussion: "It goes before what the file says, and stays until `portolan tenant unpin`.")
        @Argument(help: ArgumentHelp("The tenant.", valueName: "TENANT")) var tenant: String
        @Option(help: ArgumentHelp("Its home region.", valueName: "REGION"), completion: NameCompletion.regions)
        var home: String
        @Option(
            help: ArgumentHelp(
                "A jurisdiction that its data may be in; may be repeated. Default: that of its home.",
                valueName: "JURISDICTION"))
        var residency: [String] = []
        @OptionGroup var why: ReasonOptions
        @OptionGroup var options: ChangeOptions

        private struct Body: Encodable, Sendable {
            var home: String
            var residency: [String]
            var reason: String
        }

        func run() async throws {
            try await options.admin.reach { client in
                let places = try await self.jurisdictions(client)
                let body = try AdminJSON.encode(Body(home: home, residency: places, reason: why.reason))
                let data = try await client.send(options.request(.put, TenantCommand.path(tenant), body))
                try options.admin.print(data, client) { (tenant: Status.Tenant, screen) in
                    AdministrationText.lines(tenant, on: screen)
                }
            }
        }

        private func jurisdictions(_ client: AdminClient) async throws -> [String] {
            if !residency.isEmpty { return residency }
            let regions = try await client.all(Status.Region.self, "/v1/regions")
            guard let region = regions.first(where: { $0.name == home }) else {
                let known = regions.map(\.name).joined(separator: ", ")
                throw CommandFailure(.refused, "there is no region \(home) to be at home in; there are \(known)")
            }
            return [region.jurisdiction]
        }
    }

    struct Unpin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Return a tenant to what the file says of it.")
        @Argument(help: ArgumentHelp("The tenant.", valueName: "TENANT")) var tenant: String
        @OptionGroup var why: ReasonOptions
        @OptionGroup var options: ChangeOptions

        func run() async throws {
            try await options.admin.reach { client in
                let path = AdminRequest.path(TenantCommand.path(tenant), [("reason", why.reason)])
                let data = try await client.send(options.request(.delete, path))
                if options.admin.json {
                    Terminal.out(json: data.isEmpty ? Data("{}".utf8) : data)
                } else {
                    Terminal.out("tenant \(tenant) goes by the file again")
                }
            }
        }
    }
}
