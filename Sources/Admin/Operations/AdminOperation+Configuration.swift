import ControlPlane
import HTTPTypes

/// The configuration, and what another one would change.
extension AdminOperation {
    static let configuration = [
        AdminOperation(
            id: "readConfiguration", method: .get, path: "/v1/config",
            summary: "Which file is in force, and the certificates that are shown.", role: .viewer,
            answers: [.json(Status.Configured.self, "What is in force.", hasGeneration: true)],
            run: { call in
                let configured = await call.service.configuration()
                return try .json(configured, generation: configured.generation)
            }),
        AdminOperation(
            id: "reload", method: .post, path: "/v1/config",
            summary: "Reads the file and its certificates again, whole or not at all. A dry run tells what the file, or"
                + " the configuration in the body, would change.",
            role: .admin, action: "config.reload",
            query: [Field("dry_run", .flag, "Only tell what would change, and for how many of the latest requests.")],
            body: .yaml,
            answers: [.json(Status.Configured.self, "What changed, or would.", hasGeneration: true)],
            run: { try await reload($0) }),
    ]

    private static func reload(_ call: Call) async throws -> Reply {
        let configured: Status.Configured
        if call.isDryRun {
            configured = try await call.service.tryConfiguration(text: call.text)
            if let asked = call.ifMatch, asked != configured.generation {
                throw ChangeError.stale(inForce: configured.generation)
            }
        } else if call.text == nil {
            configured = try await call.service.reload(call.change())
        } else {
            throw AdminRefusal(
                .conflict, "file_is_the_truth",
                "a configuration in the body is only tried: add ?dry_run=true, or change the file and send no body")
        }
        return try .json(configured, generation: configured.generation)
    }
}
