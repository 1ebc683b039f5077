import ArgumentParser
import Config
import ControlPlane
import Foundation

/// `portolan replay`.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Decide an access log's requests again under another configuration.",
        discussion: """
            Says which requests would have gone elsewhere. Health, distances and what operators had set are as they \
            were when each request came; weights, routes and regions are the configuration's. Exit code 0: done; 1: \
            the configuration is invalid or a log cannot be read.
            """)
    @Argument(
        help: ArgumentHelp("Access logs, the oldest first; - is standard input.", valueName: "LOG"), completion: .file()
    )
    var logs: [String]
    @Option(help: ArgumentHelp("The configuration to decide by.", valueName: "NEW"), completion: .configurations)
    var config: String
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let configuration = try ConfigurationLoader.ofThisProcess(checksFiles: false).loadTelling(config) { $0 }
        var replay = LogReplay(over: configuration)
        for log in logs {
            let descriptor = log == "-" ? STDIN_FILENO : open(log, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw CommandFailure(.refused, "cannot read \(log): \(String(cString: strerror(errno)))")
            }
            defer { if log != "-" { close(descriptor) } }
            var lines = LineReader(descriptor)
            while let line = lines.next() { replay.take(line) }
            if lines.error != 0 {
                throw CommandFailure(.refused, "cannot read \(log): \(String(cString: strerror(lines.error)))")
            }
        }
        let report = replay.report
        Terminal.out(json ? try ReplayCommand.json(report) : report.text)
        if report.requests == 0, report.unreadable > 0 {
            throw CommandFailure(.refused, "no line of \(logs.joined(separator: ", ")) is an access log's")
        }
    }

    private static func json(_ report: ReplayReport) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
}
