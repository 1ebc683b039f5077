import Admin
import ArgumentParser
import ControlPlane

/// `portolan regions`.
struct RegionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "regions", abstract: "The regions of a running edge: whether they serve, and how far they are.",
        discussion: "With a name: all of that region, its cells, and what happened to it lately.", aliases: ["region"])
    @Argument(help: ArgumentHelp("One region.", valueName: "REGION"), completion: NameCompletion.regions)
    var name: String?
    @OptionGroup var options: AdminOptions

    func run() async throws {
        guard let name else {
            return try await options.list("regions") { (regions: [Status.Region], screen) in
                StatusText.lines(regions, on: screen)
            }
        }
        try await options.reach { client in
            let data = try await client.send(.get("/v1/regions/\(AdminRequest.escaped(name))"))
            if options.json { return Terminal.out(json: data) }
            let cells = try await client.all(Status.Cell.self, "/v1/cells").filter { $0.region == name }
            let events = await EventHistory(client: client).lately(about: name)
            let region = try client.decode(Status.Region.self, data)
            options.print(DetailText.lines(region, cells, events, on: .current))
        }
    }
}
