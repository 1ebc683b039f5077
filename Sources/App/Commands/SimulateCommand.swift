import ArgumentParser
import Config
import Foundation
import Simulation

/// `portolan simulate`.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Run a configuration's routing through hours of seeded outages.",
        discussion: """
            Detectors, drains and decisions are the edge's own; network, endpoints, clients and operators are made up \
            from the seed. Exit code 0: every invariant held; 1: one did not, and the shortest trace to it was printed.
            """)
    @Argument(help: ArgumentHelp("Configuration file.", valueName: "FILE"), completion: .configurations)
    var file: String
    @Option(help: "The first seed.") var seed: UInt64 = 1
    @Option(help: "Worlds to run, one a seed.") var seeds = 1
    @Option(help: "Simulated hours of each world.") var hours = 1
    private static let kindNames = FaultKind.allCases.map(\.name).joined(separator: ", ")
    @Option(
        name: .customLong("fault"),
        help: ArgumentHelp(
            "Only faults of this kind; may be repeated. One of \(kindNames).",
            valueName: "KIND"), completion: .list(FaultKind.allCases.map(\.name)))
    var faults: [String] = []
    @Option(
        help: ArgumentHelp("Run the trace in this file instead of seeds.", valueName: "TRACE"), completion: .file())
    var replay: String?
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let campaign = try campaign()
        let scene = try ConfigurationLoader.ofThisProcess(checksFiles: false).loadTelling(file) { try Scene($0) }
        let result =
            try replay.map { try campaign.run(scene, SimulateCommand.trace(at: $0, scene)) }
            ?? campaign.run(scene)
        Terminal.out((json ? result.json(scene) : result.text(scene)).trimmingCharacters(in: .newlines))
        if result.failure != nil { throw ExitCode(CommandFailure.Code.refused.rawValue) }
    }

    /// What the options ask for.
    func campaign() throws -> Campaign {
        var campaign = Campaign()
        (campaign.seed, campaign.seeds, campaign.hours) = (seed, seeds, hours)
        guard seeds > 0, hours > 0 else {
            throw CommandFailure(.usage, "--seeds and --hours are at least 1")
        }
        if faults.isEmpty { return campaign }
        campaign.kinds = try faults.map { name in
            guard let kind = FaultKind(name: name) else {
                throw CommandFailure(.usage, "there is no fault “\(name)”; there are \(SimulateCommand.kindNames)")
            }
            return kind
        }
        return campaign
    }

    private static func trace(at path: String, _ scene: Scene) throws -> Schedule {
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw CommandFailure.unreadable(path)
        }
        do { return try Trace(scene).schedule(from: text) } catch {
            throw CommandFailure(.usage, "\(path):\(error)")
        }
    }
}
