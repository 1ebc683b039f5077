import Glibc
import Model
import Support
import Testing

@testable import Store

struct SessionStoreTests {
    private let folder: String

    init() throws {
        var template = Array("/tmp/portolan-store-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func clean() {
        for name in ["state.db.sessions", "portolan.keys", "portolan.keys.new"] { unlink("\(folder)/deep/\(name)") }
        rmdir("\(folder)/deep")
        rmdir(folder)
    }

    private var statePath: String { "\(folder)/deep/state.db" }

    private func store(_ now: UInt64 = 1_000) throws -> SessionStore {
        try SessionStore(statePath: statePath, capacity: 64, nowSeconds: now)
    }

    /// Cells in this order have ids in this order: other orders, other ids.
    private func world(_ cells: [String]) -> (fixture: SnapshotFixture, snapshot: Snapshot) {
        let fixture = SnapshotFixture(local: "us", [.region("us", cells.map { .cell($0, [.up]) })])
        return (fixture, fixture.snapshot())
    }

    private func hold(_ cell: String, _ fixture: SnapshotFixture) -> SessionHold {
        SessionHold(region: fixture.region("us"), cell: fixture.cell(cell))
    }

    @Test("secrets are made once, for their owner alone")
    func secrets() throws {
        defer { clean() }
        let first = try store()
        var status = stat()
        #expect(stat("\(folder)/deep/portolan.keys", &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(try store(5_000).keys == first.keys)
        #expect(try SessionStore(statePath: nil, capacity: 8, nowSeconds: 1).keys != first.keys)
    }

    @Test("secrets that others can read are told of, and used", arguments: [0o600, 0o640, 0o604, 0o620] as [mode_t])
    func openSecrets(mode: mode_t) throws {
        defer { clean() }
        let first = try store()
        #expect(chmod("\(folder)/deep/portolan.keys", mode) == 0)
        let next = try store()
        #expect((next.warning == nil) == (mode == 0o600) && next.keys == first.keys)
        #expect(next.warning?.contains("deep/portolan.keys is open to others") ?? true)
        #expect(try SessionStore(statePath: nil, capacity: 8, nowSeconds: 1).warning == nil)
    }

    @Test("a file that breaks off with an error is an error, not a short file")
    func unreadable() throws {
        defer { clean() }
        _ = try store()
        // A folder can be opened, and not read.
        let error = #expect(throws: StoreError.self) { _ = try StateFile(path: folder).read() }
        #expect(error?.description.contains("cannot be read") == true)
    }

    @Test("rotated in time; a second process takes over what the first one made")
    func rotation() throws {
        defer { clean() }
        let (one, other) = (try store(), try store())
        #expect(try one.rotateIfDue(nowSeconds: 1_050, rotationSeconds: 100) == nil)
        let fresh = try #require(try one.rotateIfDue(nowSeconds: 1_100, rotationSeconds: 100))
        #expect(fresh.current.generation == 2 && fresh.previous?.generation == 1 && one.keys == fresh)
        #expect(try other.rotateIfDue(nowSeconds: 1_101, rotationSeconds: 100) == fresh)
        #expect(try store(1_102).keys == fresh)
    }

    @Test("damaged secrets stop the start, with what to do")
    func damagedSecrets() throws {
        defer { clean() }
        _ = try store()
        try StateFile(path: "\(folder)/deep/portolan.keys").replace(with: Array("portolan keys 1\n".utf8))
        let error = #expect(throws: StoreError.self) { _ = try store() }
        #expect(error?.description.contains("put a copy of it back, or remove it") == true)
    }

    @Test("the table survives, under the names of its cells")
    func survives() throws {
        defer { clean() }
        let (old, new) = (world(["a", "b", "c"]), world(["x", "c", "a"]))
        let before = try store()
        for (index, cell) in ["a", "b", "c", "a"].enumerated() {
            let key = SessionKey(low: UInt64(index + 1), high: UInt64(index))
            _ = before.table.hold(key, hold(cell, old.fixture), nowSeconds: 2_000, SessionRules())
        }
        let counts = try before.save(old.snapshot, nowSeconds: 2_100)
        #expect(counts == [old.fixture.cell("a"): 2, old.fixture.cell("b"): 1, old.fixture.cell("c"): 1])
        let after = try store()
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
        defer { clean() }
        let world = world(["a"])
        let store = try store()
        #expect(try store.save(world.snapshot, nowSeconds: 10).isEmpty)
        #expect(try store.load(world.snapshot) == nil)
        let key = SessionKey(low: 1, high: 1)
        _ = store.table.hold(key, hold("a", world.fixture), nowSeconds: 2_000, SessionRules())
        #expect(try store.save(world.snapshot, nowSeconds: 3_801).isEmpty)
        #expect(try store.save(world.snapshot, nowSeconds: 3_800).count == 1)
    }

    @Test("a damaged table is reported and ignored, whatever is damaged")
    func damagedTable() throws {
        defer { clean() }
        var random = SplitMix64.fromEnvironmentOrFresh()
        let world = world(["a", "b"])
        let store = try store()
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
            let fresh = try self.store()
            #expect(throws: StoreError.self, "seed \(random.seed)") { try fresh.load(world.snapshot) }
            try #require(!fresh.table.wasUsed, "seed \(random.seed), round \(round)")
        }
        unlink("\(folder)/deep/portolan.keys")
        #expect(throws: StoreError.self, "another key") { try self.store().load(world.snapshot) }
    }

    @Test("a folder that cannot be written is told")
    func unwritable() throws {
        defer { clean() }
        let error = #expect(throws: StoreError.self) {
            _ = try SessionStore(statePath: "/proc/nowhere/state.db", capacity: 8, nowSeconds: 1)
        }
        #expect(error?.description.contains("choose another path for state") == true)
    }
}
