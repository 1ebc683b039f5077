import Model
import Support
import Testing

@testable import Policy

struct SteeringPinsTests {
    static func pin(_ tenant: String, _ home: String, _ residency: [String] = []) -> OperatorPin {
        OperatorPin(.init(tenant: tenant, home: home, residency: residency), reason: "moved", who: "ops", setAt: 1)
    }

    static func home(_ tenant: String, _ snapshot: Snapshot) -> String? {
        Array(tenant.utf8).withUnsafeBytes { snapshot.pin(of: ByteView($0)) }.map { snapshot.name(of: $0.home) }
    }

    static func steering(_ pins: [Configuration.Pin], restoring: Restoration = Restoration()) throws -> Steering {
        var configuration = Configuration.small
        configuration.tenants.pins = pins
        return try Steering(configuration, resolved: [:], seed: 1, restoring: restoring, now: .zero)
    }

    @Test("an operator's pin goes before the file's, over a reload too, and leaves it there")
    func over() throws {
        let file = [Configuration.Pin(tenant: "acme", home: "us-east", residency: ["us"])]
        var steering = try SteeringPinsTests.steering(file)
        let table = steering.snapshot.pins
        #expect(SteeringPinsTests.home("acme", steering.snapshot) == "us-east")
        let generation = steering.snapshot.generation
        let actions = steering.pin(SteeringPinsTests.pin("acme", "eu-west"))
        #expect(steering.snapshot.generation == generation + 1 && steering.snapshot.pins === table)
        guard case .publish(let snapshot)? = actions.first else { return #expect(Bool(false)) }
        #expect(SteeringPinsTests.home("acme", snapshot) == "eu-west")
        #expect(
            actions.last
                == .event(
                    .tenantPinned, subject: "acme", cause: "home eu-west, residency eu, by ops: moved"))
        #expect(steering.pin(of: "acme")?.residency == ["eu"])
        try steering.adopt(steering.configuration, resolved: [:], now: .zero)
        #expect(SteeringPinsTests.home("acme", steering.snapshot) == "eu-west")
        _ = steering.pin(SteeringPinsTests.pin("other", "eu-west", ["eu", "us"]))
        _ = steering.unpin(tenant: "acme", reason: "", who: "ops")
        #expect(SteeringPinsTests.home("acme", steering.snapshot) == "us-east")
        #expect(SteeringPinsTests.home("other", steering.snapshot) == "eu-west")
        #expect(
            steering.pin(of: "other")?.residency == ["us", "eu"]
                || steering.pin(of: "other")?.residency == ["eu", "us"])
        #expect(steering.pin(of: "acme") == file[0] && steering.pin(of: "nobody") == nil)
    }

    @Test("pins are there from the first snapshot on after a restart; one without its home keeps its fence")
    func restored() throws {
        var restoration = Restoration()
        restoration.generation = 77
        restoration.pins = [SteeringPinsTests.pin("acme", "eu-west"), SteeringPinsTests.pin("lost", "mars", ["mars"])]
        let steering = try SteeringPinsTests.steering([], restoring: restoration)
        #expect(steering.snapshot.generation == 77)
        #expect(SteeringPinsTests.home("acme", steering.snapshot) == "eu-west")
        let lost = Array("lost".utf8).withUnsafeBytes { steering.snapshot.pin(of: ByteView($0)) }
        #expect(lost == TenantPin(home: .none, jurisdictions: 0))
    }

    @Test("a table that was made ahead is taken as it is, and one of other pins is not")
    func prepared() throws {
        var steering = try SteeringPinsTests.steering([])
        var configuration = steering.configuration
        configuration.tenants.pins = [Configuration.Pin(tenant: "acme", home: "us-east", residency: ["us"])]
        let prepared = steering.pinned(for: configuration)
        var other = steering
        try steering.adopt(configuration, resolved: [:], pinned: prepared, now: .zero)
        #expect(steering.snapshot.pins === prepared.table)
        configuration.tenants.pins[0].home = "eu-west"
        try other.adopt(configuration, resolved: [:], pinned: prepared, now: .zero)
        #expect(SteeringPinsTests.home("acme", other.snapshot) == "eu-west")
    }

    @Test("an owner learnt is remembered by name, and comes back with its region")
    func owners() throws {
        var configuration = Configuration.small
        var dataset = Configuration.Dataset()
        (dataset.name, dataset.owner, dataset.epoch) = ("orders", "us-east", 3)
        configuration.datasets = [dataset]
        var restoration = Restoration()
        restoration.owners = ["orders": LearntOwner(region: "mars", epoch: 9)]
        var steering = try Steering(configuration, resolved: [:], seed: 1, restoring: restoration, now: .zero)
        #expect(steering.snapshot.datasets[0].epoch == 3)
        #expect(steering.learnOwner(dataset: 0, owner: RegionID(rawValue: 1), epoch: 9, now: .zero).isEmpty)
        configuration.regions[1].name = "mars"
        try steering.adopt(configuration, resolved: [:], now: .zero)
        #expect(steering.snapshot.datasets[0].epoch == 9)
        #expect(steering.snapshot.name(of: steering.snapshot.datasets[0].owner) == "mars")
    }
}
