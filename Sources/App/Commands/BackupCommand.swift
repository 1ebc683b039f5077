import ArgumentParser
import Config
import Store

/// `portolan backup`.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy an edge's state, whole as of one moment, while it runs.",
        discussion: """
            The copy holds secrets and is readable by its owner alone. To restore: stop the edge, remove the state \
            file's -wal and -shm, put the copy in the state file's place, start.
            """)
    @Argument(help: ArgumentHelp("Where the copy goes; must not be there.", valueName: "FILE"), completion: .file())
    var copy: String
    @Option(
        help: ArgumentHelp("The edge's configuration, which names the state.", valueName: "FILE"),
        completion: .configurations)
    var config: String

    func run() async throws {
        guard let path = try ConfigurationLoader.ofThisProcess(checksFiles: false).loadTelling(config, \.statePath)
        else {
            throw CommandFailure(.refused, "\(config) has no state.sqlite: this edge keeps its state in memory alone")
        }
        do { try await SQLiteStore.backup(of: path, to: copy) } catch { throw CommandFailure(.refused, "\(error)") }
        Terminal.out("copied \(path) to \(copy)")
    }
}
