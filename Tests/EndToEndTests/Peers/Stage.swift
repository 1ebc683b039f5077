/// An edge with scripted backends behind it, for the length of one test.
struct Stage {
    let edge: RunningEdge
    let backends: [ScriptedBackend]
    var backend: ScriptedBackend { backends[0] }

    /// One endpoint in one cell, served by `serve`. `settings` are the endpoint's SETTINGS.
    static func open(
        _ configuration: EdgeConfiguration = EdgeConfiguration(), settings: [(id: UInt16, value: UInt32)] = [],
        serve: @escaping ScriptedBackend.Serve, test: (Stage) throws -> Void
    ) throws {
        try open(configuration, scripts: [serve], settings: settings, test: test)
    }

    /// As many endpoints in one cell as there are scripts.
    static func open(
        _ configuration: EdgeConfiguration = EdgeConfiguration(), scripts: [ScriptedBackend.Serve],
        settings: [(id: UInt16, value: UInt32)] = [], test: (Stage) throws -> Void
    ) throws {
        let backends = try scripts.map { try ScriptedBackend(settings: settings, $0) }
        try run(configuration.with(endpoints: backends.map(\.address)), backends, test)
    }

    /// One region for each name, with one cell and one endpoint that answers with the region's name.
    static func open(
        _ configuration: EdgeConfiguration = EdgeConfiguration(), regions: [String], test: (Stage) throws -> Void
    ) throws {
        let backends = try regions.map { region in try ScriptedBackend { try $0.respond(200, body: region) } }
        let made = zip(regions, backends).map { name, backend in
            EdgeConfiguration.Region(name: name, cells: [.init(name: "\(name)-a", endpoints: [backend.address])])
        }
        try run(configuration.with(regions: made), backends, test)
    }

    private static func run(
        _ configuration: EdgeConfiguration, _ backends: [ScriptedBackend], _ test: (Stage) throws -> Void
    ) throws {
        defer { for backend in backends { backend.stop() } }
        let edge = try RunningEdge(configuration)
        defer { edge.process.kill() }
        do { try test(Stage(edge: edge, backends: backends)) } catch {
            // A crash is told by the edge's own log; the process is a moment behind its connections.
            guard let status = try? edge.process.wait(within: 0.5) else { throw error }
            throw HarnessError("\(error); the edge had ended with \(status): \(edge.process.errors.suffix(6_000))")
        }
    }
}
