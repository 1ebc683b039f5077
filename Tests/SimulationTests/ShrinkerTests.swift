import Model
import Testing

@testable import Simulation

struct ShrinkerTests {
    /// An operator's word that a cell is up hides a crash from the edge: detection fails, for a reason the test knows.
    private func blindScene() throws -> Scene {
        var configuration = BuiltInWorld.configuration
        configuration.regions[0].cells[0].health.override = .up
        return try Scene(configuration)
    }

    @Test("of an hour's trouble the one fault is left that matters, and it is as short as can be")
    func shrinks() throws {
        let scene = try blindScene()
        var schedule = Campaign().schedule(scene, seed: 2)
        schedule.milliseconds = 300_000
        schedule.faults = [
            Fault(.slow, .cell(3), start: 20_000, milliseconds: 9_000),
            Fault(.hang, .endpoint(1), start: 60_000, milliseconds: 40_000),
            Fault(.crash, .endpoint(20), start: 61_000, milliseconds: 40_000),
        ]
        schedule.rushes = [Rush(start: 30_000, milliseconds: 5_000, rate: 20)]
        let run = try SimulationRun(scene, schedule)
        let violation = try #require(run.violation)
        #expect(violation.invariant == .detection)
        var shrinker = Shrinker(scene, schedule, violation)
        let (least, last) = shrinker.shrink()
        #expect(last.invariant == .detection)
        #expect(least.faults.count == 1 && least.faults.first?.kind == .hang)
        #expect(least.rushes.isEmpty && least.operations.isEmpty && least.visits == [])
        #expect(least.milliseconds <= last.at + 1)
        let text = Trace(scene).text(of: least)
        #expect(try SimulationRun(scene, Trace(scene).schedule(from: text)).violation == last)
    }
}
