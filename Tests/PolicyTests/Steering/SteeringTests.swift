import Model
import Support
import Testing

@testable import Policy

struct SteeringTests {
    private static func endpoint(_ index: UInt32) -> EndpointID { EndpointID(rawValue: index) }

    @Test("the first round publishes each word once, and then only what requests would notice")
    func quiet() throws {
        var world = try SteeredWorld(.small)
        world.run(seconds: 300)
        #expect(world.steering.hasProbedAll && world.events.isEmpty)
        #expect(world.steering.snapshot.generation == 7 && world.steering.snapshot.fit.count == 2)
        // 300 s at 1.9 probes a second of three cells, and a window of distances every 10 s.
        #expect((1_700...1_900).contains(world.probes) && world.calls < 2 * world.probes + 40)
    }

    static let faults: [(HealthMonitorTests.Behaviour, UInt64)] = [(.refuses, 1_601), (.swallows, 2_602)]

    @Test("probes take a failing endpoint out of the snapshot within the bound", arguments: faults)
    func finds(fault: HealthMonitorTests.Behaviour, boundMilliseconds: UInt64) throws {
        for seed in 0..<50 as Range<UInt64> {
            var world = try SteeredWorld(.small, seed: seed)
            world.run(seconds: 5)
            world.run(milliseconds: seed * 1_100 / 50)
            world.behaviour = { $0.rawValue == 2 ? fault : .answers }
            let failedAt = world.now
            world.run(seconds: 4)
            let out = try #require(world.publications.first { $0.at > failedAt }, "seed \(seed)")
            try #require(out.snapshot.endpoints[2].health == .down, "seed \(seed)")
            try #require(out.at.milliseconds(since: failedAt) <= boundMilliseconds, "seed \(seed)")
        }
    }

    @Test("an operator's word is above probes and outliers", arguments: [Configuration.HealthOverride.up, .down])
    func overrides(override: Configuration.HealthOverride) throws {
        var configuration = Configuration.small
        configuration.regions[1].cells[0].health.override = override
        var world = try SteeredWorld(configuration)
        #expect(world.steering.snapshot.endpoints[4].health == (override == .up ? .up : .down))
        world.behaviour = { $0.rawValue == 4 ? .refuses : .answers }
        world.run(seconds: 5)
        world.fail(5, count: 9)
        let expected: HealthState = override == .up ? .up : .down
        #expect(world.steering.snapshot.endpoints[4].health == expected)
        #expect(world.steering.snapshot.endpoints[5].health == expected)
        try world.adopt(.small)
        world.run(seconds: 1)
        #expect(world.steering.snapshot.endpoints[4].health == .down)
        #expect(world.steering.snapshot.endpoints[5].health == .up)
    }

    @Test("an outlier is out for its time and comes back slowly")
    func ejects() throws {
        var world = try SteeredWorld(.small)
        world.run(seconds: 5)
        world.fail(2, count: 5)
        #expect(world.events == ["ENDPOINT_EJECTED use-b/127.0.0.1:7103: 5 requests in a row failed; out for 30 s"])
        #expect(world.steering.snapshot.cells[1].available.count == 1)
        let out = world.now
        world.run(seconds: 31)
        #expect(world.events.last == "ENDPOINT_RETURNED use-b/127.0.0.1:7103: its ejection is over")
        let back = try #require(world.publications.first { $0.at > out && $0.snapshot.endpoints[2].health == .up })
        #expect(back.at.milliseconds(since: out) == 30_000)
        #expect(back.snapshot.endpoints[2].warmthPercent == 10 && back.snapshot.endpoints[3].warmthPercent == 100)
        let first = world.publications.count
        world.run(seconds: 40)
        let warmths = world.publications.dropFirst(first).map(\.snapshot.endpoints[2].warmthPercent)
        #expect(warmths.last == 100 && warmths == warmths.sorted() && warmths.count <= 20)
    }

    @Test("what probes find down while it is ejected stays down when the ejection is over")
    func joins() throws {
        var world = try SteeredWorld(.small)
        world.run(seconds: 5)
        world.fail(2, count: 5)
        world.behaviour = { $0.rawValue == 2 ? .refuses : .answers }
        world.run(seconds: 60)
        #expect(world.events.count == 1 && world.steering.snapshot.endpoints[2].health == .down)
        world.behaviour = { _ in .answers }
        world.run(seconds: 10)
        #expect(world.events.last == "ENDPOINT_RETURNED use-b/127.0.0.1:7103: 5 probes in a row succeeded")
    }

    @Test("an ill region keeps 1.4 times its healthy share, and a dial less")
    func spills() throws {
        var world = try SteeredWorld(.small)
        world.behaviour = { $0.rawValue < 2 ? .refuses : .answers }
        world.run(seconds: 5)
        let region = world.steering.snapshot.regions[0]
        #expect(region.keptShare == 7_000 && !region.isDialed && region.isOpen)
        #expect(world.events.contains("CELL_DOWN use-a: 0 of 2 endpoints are healthy"))
        #expect(!world.events.contains { $0.hasPrefix("REGION_UNFIT") })
    }

    @Test("a panic is told when it begins and when it ends")
    func panics() throws {
        var world = try SteeredWorld(.small)
        world.run(seconds: 5)
        world.behaviour = { _ in .refuses }
        world.run(seconds: 5)
        #expect(world.events.last == "PANIC_BEGAN edge-1: no region is fit and takes new work")
        world.behaviour = { $0.rawValue < 4 ? .refuses : .answers }
        world.run(seconds: 20)
        #expect(world.events.filter { $0.hasPrefix("PANIC") }.last == "PANIC_ENDED edge-1: eu-west takes new work")
    }

    @Test("distances order the regions, and unmeasured ones come last")
    func orders() throws {
        var world = try SteeredWorld(.small)
        world.distance = { $0.rawValue < 4 ? 80_000_000 : 1_000_000 }
        #expect(world.order == ["us-east", "eu-west"])
        world.run(seconds: 2)
        #expect(world.order == ["eu-west", "us-east"])
        #expect(world.steering.snapshot.regions[1].band == RegionSet(bits: 0b10))
        world.distance = { _ in 1_000_000 }
        let first = world.publications.count
        world.run(seconds: 600)
        #expect(world.steering.snapshot.regions[1].band == RegionSet(bits: 0b11))
        #expect(world.publications.count - first <= 2)
    }

    @Test("distances outlive a reload of the rules on latency, and the order with them")
    func keepsDistances() throws {
        var configuration = Configuration.small
        var world = try SteeredWorld(configuration)
        world.distance = { $0.rawValue < 4 ? 80_000_000 : 1_000_000 }
        world.run(seconds: 60)
        let before = (0..<2).map { world.steering.distance(of: RegionID(rawValue: $0)) }
        configuration.latency.regionSmoothingMilliseconds = 5_000
        configuration.latency.bandFloorMilliseconds = 100
        try world.adopt(configuration)
        #expect((0..<2).map { world.steering.distance(of: RegionID(rawValue: $0)) } == before && before[0] != nil)
        #expect(world.order == ["eu-west", "us-east"])
        #expect(world.steering.snapshot.regions[1].band == RegionSet(bits: 0b11))
        // And the new rules hold: after 40 s of the old time constant 20 ms of 79 would be left.
        world.distance = { _ in 1_000_000 }
        world.run(seconds: 40)
        #expect(try #require(world.steering.distance(of: RegionID(rawValue: 0))) < 5_000_000)
    }

    /// Work takes 80 ms here, and a region that nobody asks anything is 30 ms away.
    @Test func workDoesNotSwingTheOrder() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<10 {
            var world = try SteeredWorld(.small, seed: random.next())
            let (near, jitter) = (1_000_000 + UInt64(random.next(below: 2_000_000)), UInt64(random.next(below: 1_000)))
            world.distance = { ($0.rawValue < 4 ? near : 30_000_000) + jitter * UInt64($0.rawValue) }
            world.run(seconds: 5)
            let first = world.publications.count
            for _ in 0..<2_400 {
                world.run(milliseconds: 250)
                let work = 80_000_000 + UInt64(random.next(below: 40_000_000))
                world.serve(count: 1 + random.next(below: 50), workNanoseconds: work)
                try #require(world.order == ["us-east", "eu-west"], "seed \(random.seed), round \(round)")
            }
            #expect(world.steering.snapshot.regions[0].band == RegionSet(bits: 0b01))
            #expect(world.publications.count == first, "seed \(random.seed), round \(round)")
        }
    }

    @Test("an owner is learnt while its epoch is newer, and kept over a reload")
    func learns() throws {
        var configuration = Configuration.small
        configuration.datasets = [Configuration.Dataset(), Configuration.Dataset()]
        (configuration.datasets[0].name, configuration.datasets[0].owner) = ("orders", "us-east")
        (configuration.datasets[0].epoch, configuration.datasets[1].name) = (3, "events")
        var world = try SteeredWorld(configuration)
        #expect(world.steering.snapshot.datasets[1].isMulti && world.steering.snapshot.datasets[1].owner == .none)
        let eu = RegionID(rawValue: 1)
        for (dataset, owner, epoch) in [(0, eu, 3), (0, RegionID(rawValue: 9), 4), (1, eu, 4), (7, eu, 4)] {
            let said = world.steering.learnOwner(dataset: dataset, owner: owner, epoch: UInt64(epoch), now: world.now)
            #expect(said.isEmpty)
        }
        world.perform(world.steering.learnOwner(dataset: 0, owner: eu, epoch: 5, now: world.now))
        #expect(world.events == ["OWNER_CHANGED orders: us-east → eu-west, epoch 3 → 5"])
        try world.adopt(configuration)
        #expect(world.steering.snapshot.datasets[0].owner == eu && world.steering.snapshot.datasets[0].epoch == 5)
        configuration.datasets[0].epoch = 6
        try world.adopt(configuration)
        #expect(world.steering.snapshot.datasets[0].owner == RegionID(rawValue: 0))
    }

    @Test("replication backends are probed, and are no part of their region's distance or health")
    func replication() throws {
        var configuration = Configuration.small
        configuration.regions[1].replicationBackends = [.ip(.loopback, port: 9_000)]
        var world = try SteeredWorld(configuration)
        world.distance = { $0.rawValue == 6 ? 500_000_000 : 10_000_000 }
        world.behaviour = { $0.rawValue == 6 ? .refuses : .answers }
        world.run(seconds: 30)
        let snapshot = world.steering.snapshot
        let cell = snapshot.regions[1].replication
        #expect(snapshot.cells[cell.index].isReplication && !snapshot.cells[cell.index].isFit)
        #expect(snapshot.regions[1].keptShare == 10_000 && snapshot.regions[1].cells.count == 1)
        #expect(snapshot.regions[0].band.count == 2)
        #expect(world.events.first?.hasPrefix("ENDPOINT_EJECTED eu-west-replication/127.0.0.1:9000") == true)
    }

    @Test("an address that a name keeps is the same endpoint, with what is known of it")
    func resolves() throws {
        var configuration = Configuration.small
        let name = Address.name("c.test", port: 80)
        configuration.regions[1].cells[0].endpoints = [name]
        let addresses = (1...3).map { Address.ip(IPAddress(v4: UInt32($0)), port: 80) }
        var world = try SteeredWorld(configuration, resolved: [name: Array(addresses[0...1])])
        world.run(seconds: 2)
        #expect(world.steering.snapshot.cells[2].available.count == 2)
        try world.adopt(configuration, resolved: [name: Array(addresses[1...2])])
        let snapshot = world.steering.snapshot
        #expect(snapshot.cells[2].endpoints.indices.map { snapshot.endpointLists[$0].rawValue } == [5, 6])
        #expect(snapshot.cells[2].available.count == 1 && !snapshot.endpoints[4].isPresent)
    }

    @Test("a drain steps its cell's share down, moves its sessions, and moves no other key")
    func drains() throws {
        var world = try SteeredWorld(.small)
        world.run(seconds: 5)
        let before = world.steering.snapshot
        world.perform(
            try world.steering.perform(
                Self.command(.drain(target: "use-a", mode: .ramp, overMilliseconds: nil)), now: world.now))
        world.run(seconds: 15)
        let half = world.steering.snapshot
        #expect(half.cells[0].share == 2_500 && half.cells[1].share == 7_500 && half.cells[0].weightPercent == 50)
        let (start, cell) = (Int(half.regions[0].buckets.start), CellID(rawValue: 0))
        let kept = (0..<10_000).count { half.buckets[start + $0] == cell }
        let moved = (0..<10_000).count { half.buckets[start + $0] != before.buckets[start + $0] }
        #expect(kept == 2_500 && moved == 2_500)
        world.run(seconds: 106)
        #expect(world.steering.snapshot.cells[0].leavingSlots == 10_000 && world.steering.snapshot.cells[0].share == 0)
        #expect(world.events.map { $0.prefix { $0 != ":" } } == ["DRAIN_STARTED use-a", "DRAIN_EMPTIED use-a"])
        #expect(world.steering.snapshot.regions[0].isOpen && world.steering.snapshot.regions[0].keptShare == 10_000)
    }

    @Test("a region whose drain is over is neither fit nor open, and one with dial 0 is fit alone")
    func closes() throws {
        var world = try SteeredWorld(.small)
        world.run(seconds: 5)
        world.perform(
            try world.steering.perform(Self.command(.setDial(region: "us-east", percent: 30)), now: world.now))
        #expect(world.steering.snapshot.regions[0].keptShare == 3_000 && world.steering.snapshot.regions[0].isDialed)
        world.perform(try world.steering.perform(Self.command(.setDial(region: "us-east", percent: 0)), now: world.now))
        #expect(world.steering.snapshot.fit.count == 2 && world.steering.snapshot.open == RegionSet(bits: 0b10))
        world.perform(
            try world.steering.perform(
                Self.command(.drain(target: "us-east", mode: .now, overMilliseconds: nil)), now: world.now))
        #expect(world.steering.snapshot.fit == RegionSet(bits: 0b10))
        #expect(throws: OperatorRefusal.self) {
            try world.steering.perform(Self.command(.setDial(region: "mars", percent: 0)), now: world.now)
        }
    }

    @Test("what cells serve is known for ten seconds")
    func rates() throws {
        var world = try SteeredWorld(.small)
        world.run(seconds: 5)
        for endpoint in [0, 1, 2] as [UInt32] {
            let seen = EndpointObservation(endpoint: Self.endpoint(endpoint), successes: 30, failures: 10)
            world.perform(world.steering.observe([seen], now: world.now))
        }
        let cells = world.steering.intentView(now: world.now).regions[0].cells
        #expect(cells.map(\.requestsPerSecond) == [8, 4] && cells.map(\.errorShare) == [0.25, 0.25])
        let later = world.now.advanced(milliseconds: 10_000)
        #expect(world.steering.intentView(now: later).regions[0].cells.map(\.requestsPerSecond) == [0, 0])
    }

    private static func command(_ change: OperatorCommand.Change) -> OperatorCommand {
        OperatorCommand(change, reason: "test", who: "tester")
    }

    @Test("the same seed gives the same run")
    func replays() throws {
        func run() throws -> [String] {
            var world = try SteeredWorld(.small, seed: 7)
            world.behaviour = { $0.rawValue % 3 == 0 ? .swallows : .answers }
            world.run(seconds: 60)
            return world.publications.map { "\($0.at.nanoseconds) \($0.snapshot.generation)" } + world.events
        }
        let (first, second) = (try run(), try run())
        #expect(first == second && !first.isEmpty)
    }
}
