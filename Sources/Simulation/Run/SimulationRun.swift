/// One world, run once.
public struct SimulationRun: Equatable, Sendable {
    public let report: SimulationReport
    /// Nil: everything held.
    public let violation: Violation?

    /// Throws what the steering throws: more regions or cells than ids.
    public init(_ scene: Scene, _ schedule: Schedule) throws {
        var simulator = try Simulator(scene, schedule)
        simulator.run()
        (report, violation) = (simulator.report, simulator.violation)
    }
}
