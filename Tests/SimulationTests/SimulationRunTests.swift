import Model
import Testing

@testable import Simulation

struct SimulationRunTests {
    let scene: Scene

    init() throws { scene = try Scene(BuiltInWorld.configuration) }

    @Test("a seed is a run: the same counts each time")
    func repeats() throws {
        let schedule = Campaign().schedule(scene, seed: 3)
        var shorter = schedule
        shorter.milliseconds = 600_000
        let one = try SimulationRun(scene, shorter)
        #expect(try SimulationRun(scene, shorter) == one)
        #expect(one.violation == nil)
        #expect(one.report.requests > 500 && one.report.probes > 10_000)
    }

    @Test("visits that are listed are the visits that were drawn")
    func lists() throws {
        var schedule = Campaign().schedule(scene, seed: 4)
        schedule.milliseconds = 600_000
        let drawn = try SimulationRun(scene, schedule)
        schedule.visits = Traffic(scene, Dice(seed: 4)).visits(before: 600_000, schedule.rushes)
        schedule.rushes = []
        #expect(try SimulationRun(scene, schedule) == drawn)
    }

    @Test("without trouble nothing fails but what asks for the impossible")
    func peace() throws {
        var schedule = Schedule(seed: 9, milliseconds: 900_000)
        schedule.rushes = [Rush(start: 100_000, milliseconds: 20_000, rate: 30)]
        let run = try SimulationRun(scene, schedule)
        #expect(run.violation == nil)
        // A region that nobody knows, or that the tenant's fence leaves out, where the route insists on it.
        let insisting = [Reason.xRegionUnknown, .xRegionUnavailable].map { run.report.failures[Int($0.rawValue)] }
        #expect(run.report.failed == insisting.reduce(0, +))
        #expect(run.report.sessionsMovedByHealth + run.report.sessionsMovedByDrain == 0)
        #expect(run.report.panics == 0 && run.report.rescues == 0 && run.report.retries == 0)
    }

    /// One region's endpoints all refuse, or fall silent, for half a minute.
    @Test(
        "the death of a region costs safe requests time, not failure", arguments: [FaultKind.crash, .cutOut, .cutBack])
    func region(kind: FaultKind) throws {
        var schedule = Schedule(seed: 11, milliseconds: 200_000)
        schedule.faults = [Fault(kind, .region(0), start: 100_000, milliseconds: 30_000)]
        schedule.rushes = [Rush(start: 90_000, milliseconds: 60_000, rate: 50)]
        let report = try SimulationRun(scene, schedule).report
        #expect(try SimulationRun(scene, schedule).violation == nil)
        #expect(kind == .crash ? report.worstRefusal > 0 : report.worstSilence > 0)
        #expect(report.worstRefusal < 1_700_000_000 && report.worstSilence < 2_700_000_000)
        #expect(report.sessionsMovedByHealth > 0)
    }
}
