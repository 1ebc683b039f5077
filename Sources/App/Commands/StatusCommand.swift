import ArgumentParser
import ControlPlane

/// `portolan status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "What a running edge does: version, generation, totals, latest events.")
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.show("/v1/status") { (status: Status.Edge, screen) in StatusText.lines(status, on: screen) }
    }
}
