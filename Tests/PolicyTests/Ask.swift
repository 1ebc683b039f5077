import Model
import Policy
import Support

/// One worker's side of a test: a topology, its snapshot, and the state that decisions go through.
final class Ask {
    var world: SnapshotFixture
    private(set) var snapshot: Snapshot
    private var state: DecisionState
    var now = LoopTime(nanoseconds: 1_000_000_000)

    init(_ world: SnapshotFixture, seed: UInt64 = 1) {
        self.world = world
        snapshot = world.snapshot()
        state = DecisionState(seed: seed)
        state.prepare(for: snapshot)
    }

    /// Publishes the world as it is now.
    func publish() {
        snapshot = world.snapshot(generation: snapshot.generation + 1)
        state.prepare(for: snapshot)
    }

    func callAsFunction(
        _ method: Method = .get, _ path: StaticString = "/", host: StaticString = "example.com",
        xRegion: String? = nil, headers: [(StaticString, StaticString)] = [], excluded: EndpointID = .none,
        tenant: StaticString? = nil, key: UInt64? = nil, hold: SessionHold = .none
    ) -> Decision {
        let fields = headers.map { HeaderFields.Field(name: ByteView($0.0), value: ByteView($0.1)) }
        let name = Array((xRegion ?? "").utf8)
        return fields.withUnsafeBufferPointer { fields in
            name.withUnsafeBufferPointer { name in
                var facts = RequestFacts(method: method, authority: ByteView(host), path: ByteView(path))
                // An empty array may have no address; an empty header is not an absent one.
                if xRegion != nil { facts.xRegion = name.isEmpty ? "" : ByteView(UnsafeRawBufferPointer(name)) }
                facts.headers = HeaderFields(base: fields.baseAddress, count: fields.count)
                (facts.excluded, facts.hold) = (excluded, hold)
                if let tenant { facts.tenant = ByteView(tenant) }
                if let key { (facts.key, facts.isKeyed) = (KeyHash(key), true) }
                return decide(facts)
            }
        }
    }

    /// The same with as little around it as can be, for tests that ask a million times.
    func quickly(key: UInt64?) -> Decision {
        var facts = RequestFacts(method: .get, authority: "example.com", path: "/")
        if let key { (facts.key, facts.isKeyed) = (KeyHash(key), true) }
        return decide(facts)
    }

    func decide(_ facts: RequestFacts) -> Decision { Policy.decide(facts, snapshot, &state, now: now) }
    func explain(_ facts: RequestFacts) -> Explanation { Policy.explain(facts, snapshot, &state, now: now) }

    func began(_ endpoint: EndpointID) { state.began(endpoint) }
    func ended(_ endpoint: EndpointID, milliseconds: UInt64?) {
        state.ended(endpoint, firstByteNanoseconds: milliseconds.map { $0 * 1_000_000 })
    }
    func inFlight(_ endpoint: EndpointID) -> Int { state.inFlight(endpoint) }

    /// How often each cell is chosen in so many requests.
    func cells(_ requests: Int) -> [Int] {
        var counts = Array(repeating: 0, count: snapshot.cells.count)
        for _ in 0..<requests { counts[self().cell.index] += 1 }
        return counts
    }
}

extension SnapshotFixture {
    /// Three regions, two cells each, two endpoints each, all up; the edge is in `us`.
    static var three: SnapshotFixture {
        SnapshotFixture(
            local: "us",
            ["us", "eu", "ap"].map { name in
                .region(name, [.cell("\(name)-a", 50, [.up, .up]), .cell("\(name)-b", 50, [.up, .up])])
            })
    }
}
