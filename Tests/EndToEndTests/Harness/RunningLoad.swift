/// h2load at work.
final class RunningLoad {
    private let process: ChildProcess
    private let folder: TemporaryFolder

    init(
        _ edge: RunningEdge, _ path: String, _ options: [String], _ listener: RunningEdge.Listener = .plain,
        in folder: TemporaryFolder
    ) throws {
        self.folder = folder
        let url = edge.url(path, listener).replacing("localhost", with: "127.0.0.1")
        process = try ChildProcess(
            "h2load", options + ["--log-file=\(folder.file("load.log"))", url], name: "h2load",
            in: folder, namespace: edge.namespace)
    }

    /// Waits for its end.
    func report(within seconds: Double = 60) throws -> LoadReport {
        let status = try process.wait(within: seconds)
        guard status == 0 else { throw HarnessError("h2load: status \(status)\n\(process.output)\(process.errors)") }
        return LoadReport(process.output, log: folder.read("load.log"))
    }

    /// Seconds it has run are not known; this is whether it still does.
    var isRunning: Bool { process.exitStatus == nil }
}
