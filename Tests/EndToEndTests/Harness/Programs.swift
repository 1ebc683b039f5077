import Foundation

/// Where the programs of the tests are.
enum Programs {
    /// The folder of Package.swift.
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().resolvingSymlinksInPath().path

    static let portolan = setting("PORTOLAN_BINARY", or: repository + "/.build/debug/portolan")
    static let python = setting("PORTOLAN_PYTHON", or: repository + "/.tools/venv/bin/python")
    /// Small programs in Python that tests use as peers.
    static let scripts = repository + "/Tests/Programs"

    private static func setting(_ name: String, or path: String) -> String {
        ProcessInfo.processInfo.environment[name] ?? path
    }

    /// The whole path of a program of the system: servers stand in sbin, which is not in everybody's PATH.
    static func find(_ name: String) -> String {
        if name.hasPrefix("/") { return name }
        let folders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin"]
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 } ?? name
    }
}
