import Reactor

/// The steps in which nothing is broken.
extension Tour {
    func edgeIsReady() async throws -> TourStep {
        let names = regions.topology.regions.map(\.name)
        var step = TourStep(
            "The edge is ready", expected: "an answer from each of \(names.joined(separator: ", ")) within 10 s")
        let began = EventLoop.readClock()
        for name in names {
            var last = LoadReport()
            let answer = try await wait(upTo: Tour.readinessMilliseconds) { () -> LoadReport? in
                last = try await ask(1, region: name)
                return last.regions == [name: 1] && last.failed == 0 ? last : nil
            }
            step.check(answer != nil, "\(name): \(TourText.counts(last)), from \(TourText.tally(last.regions))")
        }
        step.saw = ["\(TourText.seconds(EventLoop.readClock().nanoseconds(since: began))) until all had answered"]
        return step
    }

    func regionIsChosenByHeader() async throws -> TourStep {
        let count = 20
        var step = TourStep(
            "x-region chooses the region",
            expected: "\(count) answers from each region, from both of its cells, no sooner than its distance")
        for region in regions.topology.regions {
            let report = try await ask(count, region: region.name)
            step.saw.append(
                "x-region: \(region.name), \(region.distanceMilliseconds) ms away: \(TourText.counts(report)), from "
                    + "\(TourText.tally(report.cells)), \(TourText.latency(report)), reason "
                    + TourText.tally(report.reasons))
            step.check(
                report.regions == [region.name: count] && report.failed == 0,
                "x-region: \(region.name) was answered by \(TourText.tally(report.regions))")
            step.check(report.cells.count == region.cells.count, "not every cell of \(region.name) answered")
            step.check(
                report.latency.percentile(50) >= region.distanceMilliseconds * 1_000,
                "\(region.name) answered sooner than its distance allows: who did?")
        }
        return step
    }

    func localRegionServesTheRest() async throws -> TourStep {
        let count = 40
        var step = TourStep(
            "Without x-region the edge's own region serves",
            expected: "\(count) answers from \(local.name), from both of its cells")
        let report = try await ask(count, region: nil)
        step.saw = [
            "\(TourText.counts(report)), from \(TourText.tally(report.cells)), \(TourText.latency(report)), reason "
                + TourText.tally(report.reasons)
        ]
        step.check(
            report.regions == [local.name: count] && report.failed == 0,
            "answered by \(TourText.tally(report.regions))")
        step.check(report.cells.count == local.cells.count, "not every cell of \(local.name) answered")
        return step
    }
}
