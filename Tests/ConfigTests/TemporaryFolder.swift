import Config
import Foundation

/// A folder that lives as long as a test.
final class TemporaryFolder {
    let path = NSTemporaryDirectory() + "portolan-config-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ data: Data, mode: Int = 0o600) throws {
        try data.write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(path)/\(name)")
    }
    func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

    func problems(_ name: String = "edge.yaml", checksFiles: Bool = true) -> [String] {
        let loader = ConfigurationLoader(environment: [:], checksFiles: checksFiles)
        do throws(ConfigurationError) {
            return try loader.load(path: "\(path)/\(name)").warnings.map(shortened)
        } catch { return error.problems.map(shortened) }
    }

    private func shortened(_ problem: Problem) -> String {
        problem.description.replacingOccurrences(of: path, with: "DIR")
    }
}
