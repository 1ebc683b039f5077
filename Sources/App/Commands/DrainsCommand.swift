import Admin
import ArgumentParser

/// `portolan drains`.
struct DrainsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drains", abstract: "The drains of a running edge, and the latest that ended.")
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.show("/v1/drains") { (list: DrainList) in OperatorText.lines(list) }
    }
}
