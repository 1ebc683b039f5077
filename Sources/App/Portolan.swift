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

    static func main() async {
        // A reader that went away is an error where it is written to, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
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
