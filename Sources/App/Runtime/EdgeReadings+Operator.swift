import Admin
import ControlPlane
import Policy

/// What operators do through the admin API, and how far the workers have carried it out.
extension EdgeReadings {
    func change(_ command: OperatorCommand, _ context: ChangeContext) async throws(ChangeError) -> Status.Change {
        try await controller.change(command, context)
    }

    func preview(_ command: OperatorCommand) async throws(ChangeError) -> Status.Change {
        try await controller.preview(command)
    }

    func startDrain(_ command: OperatorCommand, _ context: ChangeContext) async throws(ChangeError) -> Status.Drain {
        applied(try await controller.startDrain(command, context))
    }

    func drains() async -> DrainList {
        let generation = await controller.identity.generation
        return DrainList(generation: generation, drains: await controller.drains().map { applied($0) })
    }

    func explain(_ asked: ExplainRequest) async -> Status.Explanation {
        let headers = asked.headers.sorted { $0.key < $1.key }.flatMap { name, values in
            values.map { (name: name, value: $0) }
        }
        return await controller.explain(
            method: asked.method, authority: asked.headers["host"]?.first, path: asked.path, headers: headers)
    }

    private func applied(_ drain: Status.Drain) -> Status.Drain {
        var drain = drain
        drain.isApplied = acknowledged(upTo: drain.generation).allSatisfy { $0 >= drain.generation }
        return drain
    }
}
