import ArgumentParser
import ControlPlane
import Glibc

/// `portolan`.
@main
struct Portolan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portolan", abstract: "An edge traffic router: regions, cells, endpoints.",
        version: Version.current,
        subcommands: [
            ServeCommand.self, CheckCommand.self, DemoCommand.self, StatusCommand.self, TopCommand.self,
            RegionsCommand.self,
            CellsCommand.self, SessionsCommand.self, EventsCommand.self, DrainsCommand.self, DrainCommand.self,
            UndrainCommand.self, WeightCommand.self, DialCommand.self, ExplainCommand.self, TenantCommand.self,
            OwnerCommand.self, TokenCommand.self, KeysCommand.self, AuditCommand.self, ConfigCommand.self,
            BackupCommand.self, ReplayCommand.self,
            SimulateCommand.self,
        ])

    /// The command that a line asks for; nil: this process's line.
    /// - Throws: what the parser says, or usage: `portolan token` alone does nothing.
    static func parsed(_ arguments: [String]? = nil) throws -> any ParsableCommand {
        let command = try parseAsRoot(arguments)
        let kind = type(of: command)
        let below = kind.configuration.subcommands.map { $0._commandName }
        guard kind == Portolan.self || below.isEmpty else {
            throw CommandFailure(
                .usage,
                "\(kind._commandName) takes one of \(below.joined(separator: ", ")); see "
                    + "`portolan \(kind._commandName) --help`")
        }
        return command
    }

    static func main() async {
        // A reader that went away is an error where it is written to, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parsed()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            LogQueue.standardError.flush()
        } catch {
            LogQueue.standardError.flush()
            let ending = Ending(error)
            if !ending.text.isEmpty { (ending.code == 0 ? Terminal.out : Terminal.err)(ending.text) }
            Glibc.exit(ending.code)
        }
    }
}
