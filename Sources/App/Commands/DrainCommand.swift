import Admin
import ArgumentParser
import ControlPlane
import Foundation

/// `portolan drain`.
struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Take a cell or a region out of use, step by step or at once.",
        discussion: """
            New work goes elsewhere from 100 % to 0 over --over, then sessions follow; requests in flight finish. It \
            undrains by itself when it expires. Refused unless --force when what remains could not carry the load.
            """)
    @Argument(help: ArgumentHelp("A cell or a region.", valueName: "CELL|REGION")) var target: String
    @Flag(help: "No new work and no session from this moment on.") var now = false
    @Option(help: ArgumentHelp("Length of the ramp. Default: as configured (30s).", valueName: "TIME"))
    var over: String?
    @Option(help: ArgumentHelp("It undrains by itself then. Default: as configured (12h).", valueName: "TIME"))
    var expiresIn: String?
    @Option(help: ArgumentHelp("Why; kept with the drain and its events.", valueName: "TEXT")) var reason: String
    @Flag(help: "Wait until nothing is left to move and every worker goes by it.") var wait = false
    @Flag(help: "Say what would move, and change nothing.") var dryRun = false
    @Flag(help: "Pass over the safety checks.") var force = false
    @OptionGroup var options: AdminOptions

    func validate() throws {
        if now, over != nil { throw ValidationError("--now takes no --over: it happens at once") }
        if wait, dryRun { throw ValidationError("--dry-run leaves nothing to --wait for") }
        if reason.isEmpty { throw ValidationError("--reason is empty: say why") }
    }

    func run() async throws {
        let body = DrainRequest(
            target: target, mode: now ? "now" : "ramp", over: over, expiresIn: expiresIn, reason: reason,
            dryRun: dryRun, force: force)
        if dryRun {
            try await options.send(.post, "/v1/drains", body) { (change: Status.Change) in OperatorText.lines(change) }
        } else if wait {
            let client = try options.client()
            let data = try await client.send(.post, "/v1/drains", try AdminJSON.encode(body))
            try await follow(try client.decode(Status.Drain.self, data), client)
        } else {
            try await options.send(.post, "/v1/drains", body) { (drain: Status.Drain) in OperatorText.lines(drain) }
        }
    }

    /// Until it is settled. Fails when it ends otherwise than drained: somebody undrained it meanwhile.
    private func follow(_ drain: Status.Drain, _ client: AdminClient) async throws {
        var (drain, progress) = (drain, DrainProgress(isTerminal: !options.json && Terminal.isTerminal))
        while !drain.isSettled, drain.state != "undraining" {
            if !options.json { progress.show(drain) }
            drain = try await client.get(Status.Drain.self, "/v1/drains/\(drain.id)?wait=1s")
        }
        if options.json {
            Terminal.out(String(decoding: try AdminJSON.encode(drain), as: UTF8.self))
        } else {
            progress.end(drain)
        }
        guard drain.state == "drained" else {
            throw CommandFailure(
                .refused, "drain \(drain.id) of \(drain.target) is \(drain.state): somebody undrained it, or it expired"
            )
        }
    }
}
