import ArgumentParser
import Config

/// `portolan check`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Validate configuration files: every mistake, with its place.",
        discussion: "Exit code 0: all of them would load; 1: one would not. Mistakes go to standard error.")
    @Argument(help: ArgumentHelp("Configuration files.", valueName: "FILE"), completion: .configurations)
    var files: [String]

    func run() throws {
        let loader = ConfigurationLoader.ofThisProcess()
        var areValid = true
        for file in files {
            let verdict = CheckCommand.verdict(on: file, loader)
            areValid = areValid && verdict.isValid
            for problem in verdict.problems { Terminal.err(problem.description) }
            if verdict.isValid { Terminal.out("\(file): ok") }
        }
        if !areValid { throw ExitCode(CommandFailure.Code.refused.rawValue) }
    }

    static func verdict(on file: String, _ loader: ConfigurationLoader) -> (isValid: Bool, problems: [Problem]) {
        do { return (true, try loader.load(path: file).warnings) } catch { return (false, error.problems) }
    }
}
