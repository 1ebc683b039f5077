import Foundation
import Model

/// Reads a configuration file whole or not at all.
public struct ConfigurationLoader: Sendable {
    /// The longest file read: a configuration of 64 regions and their cells is far below it.
    public static let maxBytes = 16 << 20

    /// What `${NAME}` stands for.
    public var environment: [String: String]
    /// Whether certificates, keys and authorities must be readable files. Tests of the format turn it off.
    public var checksFiles: Bool

    public init(environment: [String: String], checksFiles: Bool = true) {
        (self.environment, self.checksFiles) = (environment, checksFiles)
    }

    /// The configuration in the file at `path`, or all that is wrong with it. A file that cannot be read is a problem
    /// at 1:1.
    public func load(path: String) throws(ConfigurationError) -> LoadedConfiguration {
        switch TextFile.read(path, maxBytes: ConfigurationLoader.maxBytes) {
        case .failure(let failure):
            throw ConfigurationError(problems: [failure.problem(in: path, at: failure.place ?? .start)])
        case .success(let text): return try load(text: text, file: path)
        }
    }

    /// The same for text at hand; relative paths in it are relative to `file`'s folder.
    public func load(text: String, file: String) throws(ConfigurationError) -> LoadedConfiguration {
        let reading = Reading(file: file, environment: environment)
        var configuration = Configuration()
        if let root = Document(text: text, reading: reading).root {
            configuration = root.configuration()
        }
        if checksFiles { reading.checkFiles() }
        let problems = Problem.inOrder(reading.problems, first: file)
        guard problems.allSatisfy({ $0.severity == .warning }) else { throw ConfigurationError(problems: problems) }
        return LoadedConfiguration(configuration: configuration, warnings: problems)
    }
}
