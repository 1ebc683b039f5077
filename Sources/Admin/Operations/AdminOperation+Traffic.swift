import ControlPlane
import HTTPTypes
import Policy

/// Weights and dials.
extension AdminOperation {
    static let traffic =
        share(
            of: "cell", path: "/v1/cells/{cell}/weight", word: "weight", "a cell's share of its region's traffic",
            set: { .setWeight(cell: $0, percent: $1) }, reset: { .resetWeight(cell: $0) })
        + share(
            of: "region", path: "/v1/regions/{region}/dial", word: "dial",
            "the share of the requests choosing a region that it keeps", set: { .setDial(region: $0, percent: $1) },
            reset: { .resetDial(region: $0) })

    private static func share(
        of parameter: String, path: String, word: String, _ what: String,
        set: @escaping @Sendable (String, Int) -> OperatorCommand.Change,
        reset: @escaping @Sendable (String) -> OperatorCommand.Change
    ) -> [AdminOperation] {
        let name = word.capitalized
        let answers = [Answer.json(Status.Change.self, "What moves.", hasGeneration: true)]
        let fields = [
            Field("percent", .whole(0...100), isRequired: true, "Whole percents."), reasonField, expiryField,
        ]
        return [
            AdminOperation(
                id: "set\(name)", method: .put, path: path, summary: "Sets \(what).", role: .operator,
                action: "\(word).set", body: .json(fields), answers: answers,
                run: { call in
                    let command = OperatorCommand(
                        set(call.name(parameter), call.body.whole("percent") ?? 0), reason: call.reason,
                        who: call.caller.name, expiresInMilliseconds: call.body.milliseconds("expires_in"))
                    return try await carryOut(command, call)
                }),
            AdminOperation(
                id: "reset\(name)", method: .delete, path: path, summary: "Returns \(what) to what the file says.",
                role: .operator, action: "\(word).reset", query: [reasonParameter], answers: answers,
                run: { call in
                    let command = OperatorCommand(
                        reset(call.name(parameter)), reason: call.reason, who: call.caller.name)
                    return try await carryOut(command, call)
                }),
        ]
    }

    private static func carryOut(_ command: OperatorCommand, _ call: Call) async throws -> Reply {
        let change = try await call.service.change(command, call.change())
        return try .json(change, generation: change.generation)
    }
}
