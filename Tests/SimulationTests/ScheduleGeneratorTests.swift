import Testing

@testable import Simulation

struct ScheduleGeneratorTests {
    @Test("a seed is a schedule, another seed another")
    func repeats() throws {
        let scene = try Scene(BuiltInWorld.configuration)
        let campaign = Campaign()
        #expect(campaign.schedule(scene, seed: 1) == campaign.schedule(scene, seed: 1))
        #expect(campaign.schedule(scene, seed: 1) != campaign.schedule(scene, seed: 2))
    }

    @Test("only the kinds asked for are drawn, and in an hour each of several", arguments: FaultKind.allCases)
    func kinds(kind: FaultKind) throws {
        let scene = try Scene(BuiltInWorld.configuration)
        var campaign = Campaign()
        (campaign.kinds, campaign.hours) = ([kind], 2)
        let schedule = campaign.schedule(scene, seed: 5)
        #expect(schedule.faults.count == 24)
        #expect(schedule.faults.allSatisfy { $0.kind == kind && $0.start < schedule.milliseconds })
        #expect(schedule.faults.allSatisfy { ($0.target == .edge) == (kind == .stall) })
        campaign.kinds = []
        #expect(campaign.schedule(scene, seed: 5).faults.isEmpty)
    }
}
