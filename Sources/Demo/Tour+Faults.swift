import Reactor

/// The steps in which something breaks, under load, and comes back.
extension Tour {
    func cellIsKilled() async throws -> TourStep {
        let (cell, other) = (local.cells[0].name, local.cells[1].name)
        var step = TourStep(
            "A cell is killed under load: \(cell), both endpoints, connections reset",
            expected: "no failed request; \(cell) out within 2 s; \(other) keeps 70 %, the rest spills")
        let load = try startLoad(region: nil)
        let before = await look(at: load)
        step.saw.append("before: \(TourText.counts(before)), from \(TourText.tally(before.cells))")
        step.check(Set(before.cells.keys) == [cell, other], "both cells should have answered before")
        await kill(.cell(cell), named: cell, event: "CELL_DOWN", under: load, &step)
        let after = await look(at: load)
        let rest = await load.stop()
        step.saw.append("after: \(TourText.counts(after)), from \(TourText.tally(after.cells))")
        // Half of the region is healthy: it keeps 1.4 times that share of its requests (routing.md, Health).
        let kept = Double(after.cells[other] ?? 0) / Double(max(1, after.cells.values.reduce(0, +)))
        step.check(after.cells[cell] == nil, "\(cell) should have served none")
        step.check((0.6...0.8).contains(kept), "\(other) should have kept 70 %")
        step.check(before.failed + after.failed + rest.failed == 0, "requests failed")
        return step
    }

    func cellComesBack() async throws -> TourStep {
        let cell = local.cells[0].name
        var step = TourStep(
            "\(cell) is started again under load", expected: "no failed request; \(cell) serves again within 12 s")
        let load = try startLoad(region: nil)
        await restore(.cell(cell), under: load, &step) { $0.cells[cell] != nil }
        return step
    }

    func regionIsKilled() async throws -> TourStep {
        let name = remote.name
        var step = TourStep(
            "A whole region is killed under load that asks for it: \(name)",
            expected: "no failed request; REGION_FALLBACK within 2 s; then \(local.name) serves in its place")
        let load = try startLoad(region: name)
        let before = await look(at: load)
        step.saw.append("before: \(TourText.counts(before)), from \(TourText.tally(before.regions))")
        step.check(Set(before.regions.keys) == [name], "\(name) should have answered before")
        await kill(.region(name), named: name, event: "REGION_FALLBACK", under: load, &step)
        let after = await look(at: load)
        let rest = await load.stop()
        step.saw.append(
            "after: \(TourText.counts(after)), from \(TourText.tally(after.regions)), reason "
                + TourText.tally(after.reasons))
        step.check(Set(after.regions.keys) == [local.name], "\(local.name) should have served alone")
        step.check(Set(after.reasons.keys) == ["region_fallback"], "the reason should have been region_fallback")
        step.check(before.failed + after.failed + rest.failed == 0, "requests failed")
        return step
    }

    func regionComesBack() async throws -> TourStep {
        let name = remote.name
        var step = TourStep(
            "\(name) is started again under load that asks for it",
            expected: "no failed request; \(name) serves again within 12 s")
        let load = try startLoad(region: name)
        await restore(.region(name), under: load, &step) { $0.regions[name] != nil }
        return step
    }

    func endpointIsCutOff() async throws -> TourStep {
        let endpoint = farthest.cells[0].endpoints[0].name
        var step = TourStep(
            "An endpoint is cut off: \(endpoint) keeps its connections and says nothing more",
            expected: "no failed request; \(endpoint) out within 3 s, its waiting requests answered by others")
        let load = try startLoad(region: farthest.name)
        let before = await look(at: load)
        step.check(before.endpoints[endpoint] != nil, "\(endpoint) should have answered before")
        await regions.set(.swallowing, on: .endpoint(endpoint))
        // By design out after 2.6 s and a round trip; then the waiting are answered by others.
        await pause(3_300)
        let outage = load.take()
        let after = await look(at: load)
        await regions.set(.none, on: .endpoint(endpoint))
        let rest = await load.stop()
        step.saw = [
            "before: \(TourText.counts(before)), from \(TourText.tally(before.endpoints))",
            "3.3 s of outage: \(TourText.counts(outage)), \(TourText.latency(outage))",
            "after: \(TourText.counts(after)), \(TourText.latency(after)), from \(TourText.tally(after.endpoints))",
        ]
        step.check(after.endpoints[endpoint] == nil, "\(endpoint) cannot have answered")
        step.check(
            after.latency.percentile(99) < (farthest.distanceMilliseconds + 250) * 1_000,
            "requests still wait for \(endpoint)")
        step.check(before.failed + outage.failed + after.failed + rest.failed == 0, "requests failed")
        return step
    }

    /// Kills, and waits for the event that tells of it.
    private func kill(
        _ scope: DemoScope, named name: String, event: String, under load: LoadGenerator, _ step: inout TourStep
    ) async {
        let start = events.count
        let killedAt = EventLoop.readClock()
        await regions.set(.killed, on: scope)
        let found = await wait(upTo: Tour.detectionMilliseconds) {
            events.first(from: start, with: ["\"\(event)\"", name])
        }
        // Requests that were waiting for the dead are answered now.
        await pause(300)
        let outage = load.take()
        step.check(found != nil, "no event \(event) came in \(Tour.detectionMilliseconds) ms")
        step.check(outage.failed == 0, "requests failed in the outage")
        var told = ""
        if let found {
            let delay = found.instant > killedAt.nanoseconds ? found.instant - killedAt.nanoseconds : 0
            told = "; \(event) after \(TourText.seconds(delay))"
        }
        step.saw.append("outage: \(TourText.counts(outage)), \(TourText.latency(outage))\(told)")
        if let found { step.saw.append("event: \(found.text.filter { !$0.isNewline })") }
    }

    /// Restores, and waits until the load sees it.
    private func restore(
        _ scope: DemoScope, under load: LoadGenerator, _ step: inout TourStep, isBack: (LoadReport) -> Bool
    ) async {
        await regions.set(.none, on: scope)
        let began = EventLoop.readClock()
        var total = LoadReport()
        let isSeen: Bool? = await wait(upTo: Tour.recoveryMilliseconds) {
            let report = load.take()
            total.merge(report)
            return isBack(report) ? true : nil
        }
        let time = TourText.seconds(EventLoop.readClock().nanoseconds(since: began))
        let after = await look(at: load)
        total.merge(await load.stop())
        step.check(isSeen != nil, "not back after \(time)")
        step.check(total.failed + after.failed == 0, "requests failed")
        step.saw = [
            "until it was back, \(time): \(TourText.counts(total))",
            "after: \(TourText.counts(after)), from \(TourText.tally(after.cells)), reason "
                + TourText.tally(after.reasons),
        ]
    }
}
