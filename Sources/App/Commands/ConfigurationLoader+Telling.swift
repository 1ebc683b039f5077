import ArgumentParser
import Config
import Foundation
import Model

extension CompletionKind {
    /// Files that may be configurations.
    static var configurations: CompletionKind { .file(extensions: ["yaml", "yml"]) }
}

extension ConfigurationLoader {
    /// Names in values are those of the environment.
    /// - Parameter checksFiles: whether certificates and the like must be there, as for serving.
    static func ofThisProcess(checksFiles: Bool = true) -> ConfigurationLoader {
        ConfigurationLoader(environment: ProcessInfo.processInfo.environment, checksFiles: checksFiles)
    }

    /// What `use` makes of the configuration in a file; warnings and mistakes go to standard error, with their places.
    /// - Throws: an exit code, when there was a mistake.
    func loadTelling<Value>(_ path: String, _ use: (Configuration) throws -> Value) throws -> Value {
        do {
            let loaded = try load(path: path) as LoadedConfiguration
            for warning in loaded.warnings { Terminal.err(warning.description) }
            return try use(loaded.configuration)
        } catch {
            guard let error = error as? ConfigurationError else { throw error }
            for problem in error.problems { Terminal.err(problem.description) }
            throw ExitCode(CommandFailure.Code.refused.rawValue)
        }
    }
}
