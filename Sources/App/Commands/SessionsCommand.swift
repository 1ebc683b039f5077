import ArgumentParser
import ControlPlane

/// `portolan sessions`.
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "How many producers each cell of a running edge holds.")
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.list("cells") { (cells: [Status.Cell], screen) in
            StatusText.sessionLines(cells, on: screen)
        }
    }
}
