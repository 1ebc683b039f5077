import Admin
import ArgumentParser

/// `portolan sessions`.
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "How many producers each cell of a running edge holds.")
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.show("/v1/cells") { (list: CellList, screen) in StatusText.sessionLines(list, on: screen) }
    }
}
