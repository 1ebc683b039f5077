import Testing

@testable import Simulation

struct CampaignTests {
    @Test("seeds run one after the other, and their counts add up")
    func runs() throws {
        let scene = try Scene(BuiltInWorld.configuration)
        var campaign = Campaign()
        (campaign.seed, campaign.seeds) = (1, 2)
        let both = try campaign.run(scene)
        #expect(both.failure == nil && both.worlds == 2)
        campaign.seeds = 1
        let first = try campaign.run(scene)
        campaign.seed = 2
        #expect(try both.report.requests == first.report.requests + campaign.run(scene).report.requests)
    }

    @Test(
        "hours beyond a year are refused before anything is drawn", arguments: [-1, 8_761, 5_200_000_000_000, Int.max])
    func refusesHours(hours: Int) throws {
        var campaign = Campaign()
        campaign.hours = hours
        #expect(throws: TooManyHours()) { try campaign.run(Scene(BuiltInWorld.configuration)) }
    }

    @Test("a failure names the seed and comes with a trace, in 80 columns and as JSON")
    func tells() throws {
        var configuration = BuiltInWorld.configuration
        configuration.regions[0].cells[0].health.override = .up
        let scene = try Scene(configuration)
        var campaign = Campaign()
        (campaign.seeds, campaign.kinds, campaign.shrinks) = (20, [.hang], false)
        let result = try campaign.run(scene)
        let failure = try #require(result.failure)
        #expect(failure.violation.invariant == .detection)
        let text = result.text(scene)
        #expect(text.contains("FAILED: detection") && text.contains("seed \(failure.schedule.seed)"))
        let lines = text.split(separator: "\n").prefix { !$0.hasPrefix("seed") }
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(result.json(scene).contains(#""invariant": "detection""#))
    }
}
