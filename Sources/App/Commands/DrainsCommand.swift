import Admin
import ArgumentParser
import ControlPlane

/// `portolan drains`.
struct DrainsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drains", abstract: "The drains of a running edge, and the latest that ended.",
        discussion: "With a number: all of that drain.")
    @Argument(help: ArgumentHelp("One drain.", valueName: "ID")) var id: UInt32?
    @OptionGroup var options: AdminOptions

    func run() async throws {
        if let id {
            try await options.show("/v1/drains/\(id)") { (drain: Status.Drain, screen) in
                OperatorText.detail(drain, on: screen)
            }
        } else {
            try await options.list("drains") { (drains: [Status.Drain], screen) in
                OperatorText.lines(drains, on: screen)
            }
        }
    }
}
