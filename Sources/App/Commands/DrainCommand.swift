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
    @Argument(help: ArgumentHelp("A cell or a region.", valueName: "CELL|REGION"), completion: NameCompletion.targets)
    var target: String
    @Flag(help: "No new work and no session from this moment on.") var now = false
    @Option(help: ArgumentHelp("Length of the ramp. Default: as configured (30s).", valueName: "TIME"))
    var over: String?
    @Option(help: ArgumentHelp("It undrains by itself then. Default: as configured (12h).", valueName: "TIME"))
    var expiresIn: String?
    @OptionGroup var why: ReasonOptions
    @Flag(help: "Wait until every worker goes by it and the last request in flight has ended.") var wait = false
    @Flag(help: "Say what would move and whether the others cope, and change nothing.") var dryRun = false
    @Flag(help: "Pass over the safety checks.") var force = false
    @OptionGroup var options: ChangeOptions

    func validate() throws {
        if now, over != nil { throw ValidationError("--now takes no --over: it happens at once") }
        if wait, dryRun { throw ValidationError("--dry-run leaves nothing to --wait for") }
    }

    /// A drain that nobody can tell of for so long is given up: the edge may be restarting, and goes on with it then.
    private static let patienceMilliseconds = 60_000
    private static let pauseMilliseconds = 250

    func run() async throws {
        let body = DrainRequest(
            target: target, mode: now ? "now" : "ramp", over: over, expiresIn: expiresIn, reason: why.reason,
            dryRun: dryRun, force: force)
        if dryRun {
            // Nothing is changed, so there is nothing to make once.
            var request = options.request(.post, "/v1/drains", try AdminJSON.encode(body))
            request.idempotencyKey = nil
            try await options.send(request) { (change: Status.Change, screen) in
                OperatorText.lines(change, on: screen)
            }
        } else if wait {
            let request = options.request(.post, "/v1/drains", try AdminJSON.encode(body))
            try await options.admin.reach { client in
                let drain = try client.decode(Status.Drain.self, try await client.send(request))
                try await follow(drain, client)
            }
        } else {
            try await options.send(.post, "/v1/drains", body) { (drain: Status.Drain, screen) in
                OperatorText.lines(drain, on: screen)
            }
        }
    }

    /// Until it is settled. Fails when it ends otherwise than drained: somebody undrained it meanwhile.
    private func follow(_ drain: Status.Drain, _ client: AdminClient) async throws {
        let (isQuiet, start) = (options.admin.json, ContinuousClock.now)
        var progress = DrainProgress(isTerminal: !isQuiet && Terminal.isTerminal, screen: .current)
        var drain = drain
        if progress.isTerminal { Terminal.out("drain \(drain.id); Ctrl-C ends the waiting, not the drain") }
        while !drain.isSettled, drain.state != "undraining" {
            if !isQuiet { progress.show(drain, at: (ContinuousClock.now - start).milliseconds) }
            // Short, so that the bar moves; the edge answers at once when it is settled.
            drain = try await patiently(client, "/v1/drains/\(drain.id)?wait=\(progress.isTerminal ? "500ms" : "1s")")
        }
        if isQuiet {
            try Terminal.out(json: drain)
        } else {
            progress.end(drain)
        }
        guard drain.state == "drained" else {
            throw CommandFailure(
                .refused, "drain \(drain.id) of \(drain.target) is \(drain.state): somebody undrained it, or it expired"
            )
        }
    }

    private func patiently(_ client: AdminClient, _ path: String) async throws -> Status.Drain {
        let start = ContinuousClock.now
        while true {
            do throws(CommandFailure) { return try await client.get(Status.Drain.self, path) } catch {
                let isOver = (ContinuousClock.now - start).milliseconds > UInt64(DrainCommand.patienceMilliseconds)
                guard error.code == .unreachable || error.passes, !isOver else { throw error }
                try await Task.sleep(for: .milliseconds(DrainCommand.pauseMilliseconds))
            }
        }
    }
}
