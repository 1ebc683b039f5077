import Admin
import ControlPlane
import Policy

/// What operators do through the admin API, and how far the workers have carried it out.
extension EdgeReadings {
    func operations() -> AdminOperations {
        let controller = controller
        return AdminOperations(
            change: { command throws(OperatorRefusal) in try await controller.change(command) },
            preview: { command throws(OperatorRefusal) in try await controller.preview(command) },
            drain: { command throws(OperatorRefusal) in self.applied(try await controller.drain(command)) },
            drains: {
                let (generation, drains) = (await controller.identity.generation, await controller.drains)
                return DrainList(generation: generation, drains: drains.map { self.applied($0) })
            },
            explain: { asked in
                let headers = asked.headers.sorted { $0.key < $1.key }.flatMap { name, values in
                    values.map { (name: name, value: $0) }
                }
                return await controller.explain(
                    method: asked.method, authority: asked.headers["host"]?.first, path: asked.path, headers: headers)
            })
    }

    private func applied(_ drain: Status.Drain) -> Status.Drain {
        var drain = drain
        drain.isApplied = acknowledged(upTo: drain.generation).allSatisfy { $0 >= drain.generation }
        return drain
    }
}
