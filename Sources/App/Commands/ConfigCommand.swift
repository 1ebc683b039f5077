import ArgumentParser
import ControlPlane
import Foundation

/// `portolan config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "The configuration of a running edge.",
        subcommands: [Show.self, Check.self, Reload.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Which file is in force, and the certificates with it.")
        @OptionGroup var options: AdminOptions

        func run() async throws {
            try await options.show("/v1/config") { (configured: Status.Configured, screen) in
                ConfigurationText.lines(configured, on: screen)
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What a configuration would change, tried with the last minute's requests.",
            discussion: "Changes nothing. `portolan check FILE` needs no edge, but knows nothing of its requests.")
        @Argument(
            help: ArgumentHelp("The new configuration. Default: the edge's own file as it is now.", valueName: "FILE"),
            completion: .configurations)
        var file: String?
        @Flag(help: "Said for clearness: a check never changes anything.") var dryRun = false
        @OptionGroup var options: AdminOptions

        func run() async throws {
            var request = AdminRequest(method: .post, path: "/v1/config?dry_run=true")
            if let file {
                guard let data = FileManager.default.contents(atPath: file) else {
                    throw CommandFailure.unreadable(file)
                }
                (request.body, request.mediaType) = (data, "application/yaml")
            }
            let call = request
            try await options.reach { client in
                let data: Data
                do throws(CommandFailure) { data = try await client.send(call) } catch {
                    // The edge knows the text by the name of its own file.
                    guard let file, error.code == .refused else { throw error }
                    throw CommandFailure(.refused, "\(file), in place of the edge's file: \(error.message)")
                }
                try options.print(data, client) { (configured: Status.Configured, screen) in
                    ConfigurationText.changes(configured, on: screen)
                }
            }
        }
    }

    struct Reload: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read the file again, certificates with it: whole or not at all.")
        @OptionGroup var options: ChangeOptions

        func run() async throws {
            try await options.send(.post, "/v1/config") { (configured: Status.Configured, screen) in
                ConfigurationText.changes(configured, on: screen)
            }
        }
    }
}
