import Reactor

/// A tour of real requests over real sockets. Each step says what it expects and what it saw; faults are set in the
/// embedded regions, everything else is learnt as a client would.
public struct Tour: Sendable {
    /// A refusing endpoint is out within 1.6 s (routing.md, Health); the rest is for a busy machine.
    static let detectionMilliseconds: UInt64 = 2_000
    /// Five successes, a second apart, and something for a busy machine.
    static let recoveryMilliseconds: UInt64 = 12_000
    /// The edge answers when each endpoint was probed once, 3 s at most; and it has to start.
    static let readinessMilliseconds: UInt64 = 10_000
    /// How long a situation is looked at under load.
    static let windowMilliseconds: UInt64 = 1_500

    let settings: TourSettings
    let regions: DemoRegions
    let events: DemoEvents
    private let say: @Sendable (String) -> Void

    /// - Parameters:
    ///   - events: gets the lines of the edge's log while the tour runs.
    ///   - say: takes what the tour has to say to people, a step at a time.
    public init(
        settings: TourSettings, regions: DemoRegions, events: DemoEvents, say: @escaping @Sendable (String) -> Void
    ) {
        (self.settings, self.regions, self.events, self.say) = (settings, regions, events, say)
    }

    /// Runs all steps, at most a minute; true when every one held. A step that cannot be run at all does not hold. The
    /// regions are left whole.
    public func run() async -> Bool {
        let began = EventLoop.readClock()
        let steps: [(Tour) -> () async throws -> TourStep] = [
            Tour.edgeIsReady, Tour.regionIsChosenByHeader, Tour.localRegionServesTheRest, Tour.cellIsKilled,
            Tour.cellComesBack, Tour.regionIsKilled, Tour.regionComesBack, Tour.endpointIsCutOff,
        ]
        var heldCount = 0
        for (index, makeStep) in steps.enumerated() {
            var step = TourStep("A step could not be run", expected: "that it can")
            do { step = try await makeStep(self)() } catch { step.check(false, "\(error)") }
            say("\n" + step.text(number: index + 1))
            if step.holds { heldCount += 1 }
            // Without an edge every other step would only say so again.
            if index == 0, !step.holds { break }
        }
        for region in regions.topology.regions { await regions.set(.none, on: .region(region.name)) }
        let time = TourText.seconds(EventLoop.readClock().nanoseconds(since: began))
        say("\n\(heldCount) of \(steps.count) steps hold, in \(time).")
        return heldCount == steps.count
    }

    // MARK: Means of the steps

    var local: DemoTopology.Region { regions.topology.regions[0] }
    var remote: DemoTopology.Region { regions.topology.regions[1] }
    var farthest: DemoTopology.Region { regions.topology.regions[regions.topology.regions.count - 1] }

    /// `count` requests at a steady rate, and what came of them.
    func ask(_ count: Int, region: String?, perSecond: Double = 100) async throws -> LoadReport {
        var load = settings.load(region: region, path: "/tour")
        load.requestCount = count
        load.requestsPerSecond = perSecond
        return try await LoadGenerator.run(load)
    }

    func startLoad(region: String?) throws -> LoadGenerator {
        let generator = try LoadGenerator(settings.load(region: region, path: "/tour"))
        generator.start()
        return generator
    }

    func pause(_ milliseconds: UInt64) async { try? await Task.sleep(nanoseconds: milliseconds * 1_000_000) }

    /// What a load sees from the last `take` to the end of one window.
    func look(at load: LoadGenerator) async -> LoadReport {
        await pause(Tour.windowMilliseconds)
        return load.take()
    }

    /// Asks every 50 ms until there is an answer.
    func wait<Answer>(
        upTo milliseconds: UInt64, for condition: () async throws -> Answer?
    ) async rethrows -> Answer? {
        let deadline = EventLoop.readClock().advanced(milliseconds: milliseconds)
        while true {
            if let answer = try await condition() { return answer }
            if EventLoop.readClock() >= deadline { return nil }
            await pause(50)
        }
    }
}
