import Admin
import ArgumentParser
import ControlPlane

/// `portolan cells`.
struct CellsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cells", abstract: "The cells of a running edge: health, weights, load, endpoints that are down.",
        discussion: "With a name: all of that cell, and what happened to it lately.", aliases: ["cell"])
    @Argument(help: ArgumentHelp("One cell.", valueName: "CELL"), completion: NameCompletion.cells) var name: String?
    @OptionGroup var options: AdminOptions

    func run() async throws {
        guard let name else {
            return try await options.list("cells") { (cells: [Status.Cell], screen) in
                StatusText.lines(cells, on: screen)
            }
        }
        try await options.reach { client in
            let path = "/v1/cells/\(AdminRequest.escaped(name))"
            let data = try await client.send(.get(path))
            let events = options.json ? [] : await EventHistory(client: client).lately(about: name)
            try options.print(data, client) { (cell: Status.Cell, screen) in
                DetailText.lines(cell, events, on: screen)
            }
        }
    }
}
