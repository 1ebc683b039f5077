import Admin
import ArgumentParser
import ControlPlane

/// `portolan owner`.
struct OwnerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "owner", abstract: "Which region takes the writes of a dataset.", subcommands: [Show.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Owners and epochs of datasets.")
        @Argument(help: ArgumentHelp("One dataset; all without.", valueName: "DATASET")) var dataset: String?
        @OptionGroup var options: AdminOptions

        func run() async throws {
            guard let dataset else {
                return try await options.list("datasets") { (all: [Status.Dataset], screen) in
                    AdministrationText.lines(all, on: screen)
                }
            }
            try await options.reach { client in
                let all = try await client.all(Status.Dataset.self, "/v1/datasets")
                guard let found = all.first(where: { $0.name == dataset }) else {
                    let known =
                        all.isEmpty ? "none is configured" : "there are \(all.map(\.name).joined(separator: ", "))"
                    throw CommandFailure(.refused, "there is no dataset \(dataset); \(known)")
                }
                let data = try AdminJSON.encode(found)
                try options.print(data, client) { (found: Status.Dataset, screen) in
                    AdministrationText.lines([found], on: screen)
                }
            }
        }
    }
}
