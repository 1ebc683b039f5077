import Glibc
import Model
import Policy

// edge-bench --decisions [--count N] [--pins N] [--only NAME] — what one decision costs, in a world as large as
// docs/limits.md lets one be: 8 regions × 16 cells × 32 endpoints, 1,000,000 pinned tenants.
//
// Nanoseconds on the spot; instructions with
//   valgrind --tool=callgrind --toggle-collect='*measured*' edge-bench --decisions --count 10000 --only held
// divided by the count (strip -g first: valgrind 3.19 cannot read Swift's debug information).

/// What each measured request asks for.
enum DecisionKind: String, CaseIterable {
    /// A pinned tenant with a session, as most requests are.
    case held
    /// A pinned tenant without a session: home, then the cells' turns.
    case unkeyed
    /// The same on a route with `hash_by`.
    case keyed
    /// A write to its owner.
    case write
    /// No decision: the pin's look-up alone.
    case pin
}

struct DecisionBench {
    static let nameCount = 16
    let snapshot: Snapshot
    let pinCount: Int
    /// `tenant-000000042`, one behind the other.
    let names: UnsafeMutablePointer<UInt8>
    /// The order in which tenants come: random, so that no look-up finds its slot in a cache.
    let order: [UInt32]

    init(pinCount: Int) {
        self.pinCount = pinCount
        let names = (0..<pinCount).map { index in
            "tenant-" + String(repeating: "0", count: 9 - "\(index)".count) + "\(index)"
        }
        self.names = .allocate(capacity: pinCount * DecisionBench.nameCount)
        for (index, name) in names.enumerated() {
            for (offset, byte) in name.utf8.enumerated() {
                self.names[index * DecisionBench.nameCount + offset] = byte
            }
        }
        let pins = names.enumerated().map { index, name in
            (name: name, pin: TenantPin(home: RegionID(rawValue: UInt16(index % 8)), jurisdictions: 0b1111))
        }
        let key = SipHash.Key(low: 1, high: 2)
        snapshot = DecisionBench.world(pins: PinTable(pins, key: key), key)
        var random = SplitMix64(seed: 1)
        order = (0..<1 << 16).map { _ in random.next(below: UInt32(pinCount)) }
    }

    static func world(pins: PinTable, _ key: SipHash.Key) -> Snapshot {
        var parts = SnapshotParts()
        (parts.localRegion, parts.pins, parts.hashKey) = (RegionID(rawValue: 0), pins, key)
        parts.jurisdictions = (0..<4).map { RegionSet(bits: 0b11 << UInt64(2 * $0)) }
        for _ in 0..<8 { addRegion(to: &parts) }
        parts.order = (0..<8).map { RegionID(rawValue: $0) }
        var dataset = DatasetEntry()
        dataset.owner = RegionID(rawValue: 1)
        parts.datasets = [dataset]
        var route = RouteEntry()
        (route.sessions, route.dataset) = (.producer, 0)
        parts.routes = [route]
        return Snapshot(parts, generation: 1)
    }

    /// 16 cells of 32 endpoints, and a replication cell.
    private static func addRegion(to parts: inout SnapshotParts) {
        let id = RegionID(rawValue: UInt16(parts.regions.count))
        var region = RegionEntry()
        (region.isFit, region.isOpen) = (true, true)
        region.name = parts.intern("region-\(id.rawValue)")
        region.band = RegionSet(bits: 0xFF)
        let cells = (0..<16).map { addCell(in: id, share: $0 < 4 ? 700 : 600, to: &parts) }
        region.cells = parts.list(cells)
        region.buckets = TableRange(start: parts.buckets.count, count: 10_000)
        for cell in cells {
            parts.buckets += Array(repeating: cell, count: Int(parts.cells[cell.index].share))
        }
        region.replication = addCell(in: id, share: 0, to: &parts)
        parts.cells[region.replication.index].isReplication = true
        parts.regions.append(region)
    }

    private static func addCell(in region: RegionID, share: UInt16, to parts: inout SnapshotParts) -> CellID {
        let id = CellID(rawValue: UInt16(parts.cells.count))
        var cell = CellEntry()
        (cell.isFit, cell.region, cell.share) = (true, region, share)
        let ids = (0..<32).map { EndpointID(rawValue: UInt32(parts.endpoints.count + $0)) }
        for _ in ids {
            var endpoint = EndpointEntry()
            (endpoint.health, endpoint.cell, endpoint.region) = (.up, id, region)
            parts.endpoints.append(endpoint)
        }
        cell.endpoints = parts.list(ids)
        cell.available = cell.endpoints
        parts.cells.append(cell)
        return id
    }

    func tenant(_ turn: Int) -> ByteView {
        ByteView(base: names + Int(order[turn & 0xFFFF]) * DecisionBench.nameCount, count: DecisionBench.nameCount)
    }

    /// Runs it `count` times; nanoseconds of the thread each, so that other programs do not count.
    func run(_ kind: DecisionKind, count: Int) -> Double {
        var state = DecisionState(seed: 1)
        state.prepare(for: snapshot)
        var sum = 0
        let start = DecisionBench.nanoseconds()
        for turn in 0..<count {
            var facts = RequestFacts(method: kind == .write ? .post : .get, authority: "api.example.com", path: "/v1/a")
            facts.tenant = tenant(turn)
            let home = Int(order[turn & 0xFFFF]) % 8
            if kind == .held || kind == .keyed {
                (facts.key, facts.isKeyed) = (KeyHash(UInt64(turn) &* 0x9E37_79B9_7F4A_7C15), true)
            }
            if kind == .held {
                facts.hold = SessionHold(
                    region: RegionID(rawValue: UInt16(home)), cell: CellID(rawValue: UInt16(home * 17 + turn & 15)))
            }
            if kind == .pin {
                sum += measuredPin(facts.tenant, snapshot)
            } else {
                sum += Int(measuredDecision(facts, snapshot, &state).endpoint.rawValue)
            }
        }
        let took = DecisionBench.nanoseconds() - start
        precondition(sum > 0, "every request goes somewhere")
        return Double(took) / Double(count)
    }

    private static func nanoseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

@inline(never)
func measuredDecision(_ facts: RequestFacts, _ snapshot: Snapshot, _ state: inout DecisionState) -> Decision {
    let route = route(of: facts, snapshot)
    return decide(facts, route: route, snapshot, &state, now: LoopTime(nanoseconds: 1_000_000_000))
}

@inline(never)
func measuredPin(_ tenant: ByteView, _ snapshot: Snapshot) -> Int {
    snapshot.pin(of: tenant).map { Int($0.home.rawValue) + 1 } ?? 0
}

extension DecisionBench {
    /// The whole mode.
    static func measure() {
        let count = argument("count").flatMap { Int($0) } ?? 1_000_000
        let bench = DecisionBench(pinCount: argument("pins").flatMap { Int($0) } ?? 1_000_000)
        say(1, "pins \(bench.snapshot.pins.count), \(bench.snapshot.pins.byteCount / 1_048_576) MiB\n")
        for kind in DecisionKind.allCases where argument("only").map({ $0 == kind.rawValue }) ?? true {
            let tenths = Int(bench.run(kind, count: count) * 10)
            say(1, "\(kind.rawValue) \(tenths / 10).\(tenths % 10) ns\n")
        }
    }
}
