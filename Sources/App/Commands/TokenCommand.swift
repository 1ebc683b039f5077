import Admin
import ArgumentParser
import ControlPlane
import Glibc

extension Status.Token: Listed {
    static let plural = "tokens"
    static let abstract = "All tokens, without their secrets."
    static func lines(_ all: [Status.Token], on screen: Screen) -> [String] {
        AdministrationText.lines(all, on: screen)
    }
}

/// `portolan token`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Credentials of the admin API.",
        subcommands: [Create.self, ListCommand<Status.Token>.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token; its secret is shown this one time.",
            discussion: "With --quiet the secret stands alone on standard output: `TOKEN=$(portolan token create …)`.")
        @Option(
            help: ArgumentHelp("viewer, operator or admin.", valueName: "ROLE"),
            completion: .list(Role.allCases.map(\.rawValue)),
            transform: { text in
                if let role = Role(rawValue: text) { return role }
                throw ValidationError("“\(text)” is no role: write viewer, operator or admin")
            })
        var role: Role
        @Option(help: ArgumentHelp("When it stops being valid.", valueName: "TIME")) var expiresIn = "90d"
        @Option(help: ArgumentHelp("Whose it is; shown with all it does. Default: USER@HOST.", valueName: "NAME"))
        var name: String?
        @Flag(name: [.short, .long], help: "Print the secret and nothing else.") var quiet = false
        @OptionGroup var options: ChangeOptions

        private struct Body: Encodable, Sendable {
            var name: String
            var role: Role
            var expiresIn: String
        }

        func validate() throws {
            if quiet, options.admin.json { throw ValidationError("--quiet and --json print different things: choose") }
        }

        func run() async throws {
            let body = Body(name: name ?? Create.usualName, role: role, expiresIn: expiresIn)
            try await options.send(.post, "/v1/tokens", body) { (made: Status.NewToken, screen) in
                quiet ? [made.secret] : AdministrationText.lines(made, on: screen)
            }
        }

        private static var usualName: String {
            var host = [CChar](repeating: 0, count: 256)
            let isKnown = gethostname(&host, host.count - 1) == 0
            let bytes = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let name = isKnown ? String(decoding: bytes, as: UTF8.self) : "unknown"
            return "\(Terminal.environment("USER") ?? "uid-\(getuid())")@\(name)"
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a token at once.")
        @Argument(help: ArgumentHelp("Of `portolan token list`.", valueName: "ID")) var id: String
        @OptionGroup var options: ChangeOptions

        func validate() throws {
            // It would stand in logs from here to there.
            if id.hasPrefix("ptl_") {
                throw ValidationError("that is a token's secret: give its ID, which `portolan token list` shows")
            }
        }

        func run() async throws {
            try await options.send(.delete, "/v1/tokens/\(AdminRequest.escaped(id))") { (token: Status.Token, screen) in
                AdministrationText.lines(token, on: screen)
            }
        }
    }
}
