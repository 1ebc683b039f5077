import Model
import Support
import Testing

@testable import Store

struct SessionStoreTests {
    private let folder: StateFolder
    private static let hashKey = SipHash.Key(low: 1, high: 2)

    init() throws { folder = try StateFolder() }

    private var statePath: String { folder.database }

    private func store(_ hashKey: SipHash.Key = SessionStoreTests.hashKey) -> SessionStore {
        SessionStore(statePath: statePath, hashKey: hashKey, capacity: 64)
    }

    /// Cells in this order have ids in this order: other orders, other ids.
    private func world(_ cells: [String]) -> (fixture: SnapshotFixture, snapshot: Snapshot) {
        let fixture = SnapshotFixture(local: "us", [.region("us", cells.map { .cell($0, [.up]) })])
        return (fixture, fixture.snapshot())
    }

    private func hold(_ cell: String, _ fixture: SnapshotFixture) -> SessionHold {
        SessionHold(region: fixture.region("us"), cell: fixture.cell(cell))
    }

    @Test("a file that breaks off with an error is an error, not a short file")
    func unreadable() {
        // A folder can be opened, and not read.
        let error = #expect(throws: StoreError.self) { _ = try StateFile(path: folder.path).read() }
        #expect(error?.description.contains("cannot be read") == true)
    }

    @Test("the table survives, under the names of its cells")
    func survives() throws {
        let (old, new) = (world(["a", "b", "c"]), world(["x", "c", "a"]))
        let before = store()
        for (index, cell) in ["a", "b", "c", "a"].enumerated() {
            let key = SessionKey(low: UInt64(index + 1), high: UInt64(index))
            _ = before.table.hold(key, hold(cell, old.fixture), nowSeconds: 2_000, SessionRules())
        }
        let counts = try before.save(old.snapshot, nowSeconds: 2_100)
        #expect(counts == [old.fixture.cell("a"): 2, old.fixture.cell("b"): 1, old.fixture.cell("c"): 1])
        let after = store()
        let found = try after.load(new.snapshot)
        #expect(found?.restored == 3 && found?.dropped == 1)
        for (index, cell) in ["a", nil, "c", "a"].enumerated() {
            let key = SessionKey(low: UInt64(index + 1), high: UInt64(index))
            let held = after.table.find(key, nowSeconds: 2_200, SessionRules())
            #expect(held == cell.map { hold($0, new.fixture) })
        }
        #expect(after.table.find(SessionKey(low: 1, high: 0), nowSeconds: 5_000, SessionRules()) == nil, "it ages on")
    }

    @Test("what has run out is not written, and nothing is written of nothing")
    func writesWhatLives() throws {
        let world = world(["a"])
        let store = store()
        #expect(try store.save(world.snapshot, nowSeconds: 10).isEmpty)
        #expect(try store.load(world.snapshot) == nil)
        let key = SessionKey(low: 1, high: 1)
        _ = store.table.hold(key, hold("a", world.fixture), nowSeconds: 2_000, SessionRules())
        #expect(try store.save(world.snapshot, nowSeconds: 3_801).isEmpty)
        #expect(try store.save(world.snapshot, nowSeconds: 3_800).count == 1)
    }

    @Test("a damaged table is reported and ignored, whatever is damaged")
    func damagedTable() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let world = world(["a", "b"])
        let store = store()
        for index in 1...5 {
            let key = SessionKey(low: UInt64(index), high: 9)
            _ = store.table.hold(key, hold("a", world.fixture), nowSeconds: 2_000, SessionRules())
        }
        try store.save(world.snapshot, nowSeconds: 2_000)
        let file = StateFile(path: "\(statePath).sessions")
        let good = try #require(try file.read())
        for round in 0..<200 {
            var bad = good
            if round % 2 == 0 {
                bad[Int(random.next(below: UInt32(bad.count)))] ^= 1 << UInt8(random.next(below: 8))
            } else {
                bad.removeLast(1 + Int(random.next(below: UInt32(bad.count))))
            }
            try file.replace(with: bad)
            let fresh = self.store()
            #expect(throws: StoreError.self, "seed \(random.seed)") { try fresh.load(world.snapshot) }
            try #require(!fresh.table.wasUsed, "seed \(random.seed), round \(round)")
        }
        try file.replace(with: good)
        let found = try self.store().load(world.snapshot)
        #expect(found?.restored == 5)
        #expect(throws: StoreError.self, "another key") { try self.store(.zero).load(world.snapshot) }
    }

    @Test("a folder that cannot be written is told, and without a path there is none")
    func unwritable() throws {
        let world = world(["a"])
        for path in ["/proc/nowhere/state.db", nil] {
            let store = SessionStore(statePath: path, hashKey: .zero, capacity: 8)
            let key = SessionKey(low: 1, high: 1)
            _ = store.table.hold(key, hold("a", world.fixture), nowSeconds: 2_000, SessionRules())
            if path == nil {
                #expect(try store.save(world.snapshot, nowSeconds: 2_000).count == 1)
                #expect(try store.load(world.snapshot) == nil)
            } else {
                let error = #expect(throws: StoreError.self) { try store.save(world.snapshot, nowSeconds: 2_000) }
                #expect(error?.description.contains("choose another path for state") == true)
            }
        }
    }
}
