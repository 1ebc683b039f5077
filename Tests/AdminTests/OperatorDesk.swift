import Admin
import Model
import Policy
import Synchronization

@testable import ControlPlane

/// Takes operators' commands down, and answers as an edge would; commands on `nowhere` are refused.
final class OperatorDesk: Sendable {
    private let state = Mutex<(commands: [OperatorCommand], asked: [ExplainRequest], polls: Int)>(([], [], 0))
    /// The drain is settled once it was asked for so often.
    let pollsUntilSettled: Int

    init(pollsUntilSettled: Int = 0) { self.pollsUntilSettled = pollsUntilSettled }

    var commands: [OperatorCommand] { state.withLock { $0.commands } }
    var asked: [ExplainRequest] { state.withLock { $0.asked } }
    var polls: Int { state.withLock { $0.polls } }

    var operations: AdminOperations {
        AdminOperations(
            change: { command throws(OperatorRefusal) in
                try self.take(command)
                return Status.Change(generation: 8, dryRun: false, moves: [OperatorDesk.move])
            },
            preview: { command throws(OperatorRefusal) in
                try self.take(command)
                return Status.Change(generation: 7, dryRun: true, moves: [OperatorDesk.move])
            },
            drain: { command throws(OperatorRefusal) in
                try self.take(command)
                return OperatorDesk.drain("ramping")
            },
            drains: {
                let polls = self.state.withLock { state in
                    state.polls += 1
                    return state.polls
                }
                let state = polls > self.pollsUntilSettled ? "drained" : "ramping"
                return DrainList(generation: 7, drains: [OperatorDesk.drain(state)])
            },
            explain: { asked in
                self.state.withLock { $0.asked.append(asked) }
                return Status.Explanation(
                    generation: 7, route: "default", region: "us-east", cell: "use-a", endpoint: "127.0.0.1:7101",
                    reason: "local_region", status: nil, stages: [], cells: [], endpoints: [], text: "goes to us-east")
            })
    }

    static let move = Status.Move(region: "us-east", cell: "use-a", beforePercent: 50, afterPercent: 37)

    static func drain(_ state: String) -> Status.Drain {
        Status.Drain(
            id: 3, target: "use-a", kind: "cell", mode: "ramp", state: state, reason: "deploy", who: "admin socket",
            startedAt: "2026-01-02T03:04:05.000000Z", expiresAt: "2026-01-02T15:04:05.000000Z",
            overMilliseconds: 30_000, admissionPercent: state == "drained" ? 0 : 40,
            sessionsMovedPercent: state == "drained" ? 100 : 0, resetsStreams: false, generation: 7, isApplied: true)
    }

    private func take(_ command: OperatorCommand) throws(OperatorRefusal) {
        state.withLock { $0.commands.append(command) }
        if command.names("nowhere") {
            var intent = OperatorIntent()
            _ = try intent.perform(command, IntentView(regions: [], rules: Configuration.DrainRules()), now: .zero)
        }
    }
}

extension OperatorCommand {
    fileprivate func names(_ name: String) -> Bool {
        switch change {
        case .setWeight(let target, _), .resetWeight(let target), .setDial(let target, _), .resetDial(let target),
            .drain(let target, _, _), .undrain(let target):
            target == name
        case .undrainID: false
        }
    }
}
