import ArgumentParser
import ControlPlane

/// `portolan keys`.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "The keys that sign session tokens.", subcommands: [Rotate.self])

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign session tokens with a new key from now on.",
            discussion: "No session is lost: the key before verifies what it signed. A second rotation retires it.")
        @OptionGroup var options: ChangeOptions

        func run() async throws {
            try await options.send(.post, "/v1/session-keys/rotate") { (key: Status.SessionKey, screen) in
                AdministrationText.lines(key, on: screen)
            }
        }
    }
}
