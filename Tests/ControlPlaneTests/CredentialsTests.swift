import Foundation
import Logging
import Model
import Store
import Support
import Synchronization
import Testing

@testable import ControlPlane

struct CredentialsTests {
    struct World {
        let clock = ManualClock()
        let gate = GateStore()
        var store: MemoryStore { gate.memory }
        let lines = CollectedLines()
        let credentials: Credentials

        init(stored: [StoredToken] = [], seed: UInt64 = 1) {
            let store = gate
            let random = Mutex(SplitMix64(seed: seed))
            let output = lines.take
            let logger = Logger(label: "test") { _ in JSONLogHandler(output: output, clock: .fixed()) }
            credentials = Credentials(
                store: store, stored: stored, audit: AuditLog(store: store, logger: logger, clock: clock.clock),
                clock: clock.clock,
                random: { count in
                    random.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 17) }
                    }
                }, generation: { 5 })
        }

        func create(
            _ name: String, _ role: Role = .viewer, _ context: ChangeContext = context("token.create"),
            milliseconds: UInt64 = 3_600_000
        ) async throws(ChangeError) -> Status.NewToken {
            try await credentials.create(name: name, role: role, expiresInMilliseconds: milliseconds, context)
        }

        func caller(_ secret: String) -> Caller? { credentials.authenticate(secret: secret, from: "192.0.2.1") }
        func stored() async -> StoredState { (try? await store.load()) ?? StoredState() }
        func audit() async -> [AuditDraft] { ((try? await store.audit(after: 0, limit: 99)) ?? []).map(\.draft) }
    }

    static func context(_ action: String, ifMatch: UInt64? = nil) -> ChangeContext {
        ChangeContext(
            caller: Caller(name: "ann", role: .admin, from: "unix"), action: action, detail: "{}", ifMatch: ifMatch)
    }

    @Test func aTokenOpensUntilItExpiresOrIsRevoked() async throws {
        let world = World()
        let made = try await world.create("ci", .operator)
        #expect(made.secret.hasPrefix("ptl_") && made.secret.utf8.count == 47)
        #expect(made.secret.dropFirst(4).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        #expect(made.token.id.utf8.count == 8 && made.token.state == "valid" && made.token.createdBy == "ann")
        #expect(made.token.expiresAt == "1970-01-01T01:00:00.000000Z")
        #expect(world.caller(made.secret) == Caller(name: "ci", role: .operator, from: "192.0.2.1"))
        let forged = [
            made.secret + "A", String(made.secret.dropLast()), "", made.token.id, "ptl_", made.secret.uppercased(),
        ]
        for secret in forged + [String(repeating: "x", count: 100_000)] { #expect(world.caller(secret) == nil) }
        let other = try await world.create("ops", .admin)
        let revoked = try await world.credentials.revoke(id: made.token.id, Self.context("token.revoke"))
        #expect(revoked.state == "revoked" && revoked.revokedAt == "1970-01-01T00:00:00.000000Z")
        #expect(world.caller(made.secret) == nil && world.caller(other.secret)?.role == .admin)
        world.clock.advance(milliseconds: 3_599_999)
        #expect(world.caller(other.secret) != nil)
        world.clock.advance(milliseconds: 1)
        #expect(world.caller(other.secret) == nil)
        #expect(world.credentials.tokens.map(\.state) == ["revoked", "expired"])
    }

    @Test func survivesARestart() async throws {
        let world = World()
        let (kept, gone) = (try await world.create("kept"), try await world.create("gone"))
        _ = try await world.credentials.revoke(id: gone.token.id, Self.context("token.revoke"))
        let next = World(stored: await world.stored().tokens)
        #expect(next.caller(kept.secret)?.name == "kept" && next.caller(gone.secret) == nil)
        #expect(next.credentials.tokens.map(\.name).sorted() == ["gone", "kept"])
    }

    /// Neither in what is stored, audited, logged or remembered under an idempotency key.
    @Test func aSecretIsShownOnce() async throws {
        let world = World()
        let remembered = Mutex<[String]>([])
        var context = Self.context("token.create")
        context.remember = { value in
            let body = (try? JSONEncoder().encode(value)) ?? Data()
            remembered.withLock { $0.append(String(decoding: body, as: UTF8.self)) }
            return StoredAnswer(key: "k", fingerprint: [], status: 201, body: Array(body), location: nil, at: 0)
        }
        let made = try await world.create("ci", .viewer, context)
        _ = try await world.credentials.revoke(id: made.token.id, context)
        let texts = remembered.withLock { $0 }
        #expect(texts.count == 2 && texts[0].contains(made.token.id) && texts[0].contains("\"secret\":\"\""))
        #expect(try await world.store.answer(to: "k", now: 1) != nil)
        let stored = "\(await world.stored()) \(await world.audit()) \(world.lines.all) \(texts)"
        #expect(!stored.contains(made.secret) && !stored.contains(made.secret.dropFirst(4)))
    }

    static let wrong: [(name: String, milliseconds: UInt64)] = [
        ("", 3_600_000), (String(repeating: "a", count: 65), 3_600_000), ("two words", 3_600_000),
        ("tab\t", 3_600_000), ("é", 3_600_000), ("taken", 3_600_000), ("short", 59_999),
        ("long", 365 * 86_400_000 + 1), ("endless", .max),
    ]

    @Test("what a token cannot be", arguments: wrong)
    func refuses(name: String, milliseconds: UInt64) async throws {
        let world = World()
        _ = try await world.create("taken")
        let error = await #expect(throws: ChangeError.self) {
            try await world.create(name, milliseconds: milliseconds)
        }
        #expect(error?.code == "invalid" && error?.detail.isEmpty == false)
        #expect(world.credentials.tokens.count == 1)
        #expect(await world.audit().map(\.outcome) == ["done", "invalid"])
    }

    @Test func namesAreFreeAgainAndEveryStepIsAudited() async throws {
        let world = World()
        let first = try await world.create("ci")
        for _ in 0..<2 { _ = try await world.credentials.revoke(id: first.token.id, Self.context("token.revoke")) }
        _ = try await world.create("ci", milliseconds: 60_000)
        world.clock.advance(milliseconds: 60_000)
        _ = try await world.create("ci", milliseconds: 365 * 86_400_000)
        await #expect(throws: ChangeError.self) {
            try await world.credentials.revoke(id: "nothing", Self.context("token.revoke"))
        }
        let stale = await #expect(throws: ChangeError.self) {
            try await world.create("other", .viewer, Self.context("token.create", ifMatch: 4))
        }
        #expect(stale == .stale(inForce: 5))
        _ = try await world.create("other", .viewer, Self.context("token.create", ifMatch: 5))
        let audit = await world.audit()
        let outcomes = ["done", "done", "done", "done", "done", "unknown_target", "stale_generation", "done"]
        #expect(audit.map(\.outcome) == outcomes)
        #expect(audit[0].subject == first.token.id && audit[0].who == "ann" && audit[0].generation == 5)
        #expect(audit.map(\.action).filter { $0 == "token.revoke" }.count == 3)
    }

    @Test func nothingChangesThatIsNotDurable() async throws {
        let world = World()
        let made = try await world.create("ci")
        await world.store.fail(with: EventLogTests.failure)
        let create = await #expect(throws: ChangeError.self) { try await world.create("other") }
        #expect(create?.status == 507)
        await #expect(throws: ChangeError.self) {
            try await world.credentials.revoke(id: made.token.id, Self.context("token.revoke"))
        }
        #expect(world.caller(made.secret) != nil && world.credentials.tokens.count == 1)
        await world.store.fail(with: nil)
        _ = try await world.create("other")
    }

    @Test func twoAtOnceDoNotGetOneName() async {
        let world = World()
        let made = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { (try? await world.create("ci")) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(made == 1 && world.credentials.tokens.count == 1)
    }

    @Test("revoked twice at once: the first time stays, in the answers and in the store")
    func revokedTwiceAtOnce() async throws {
        let world = World()
        let id = try await world.create("ci").token.id
        await world.gate.shutGate()
        func revoke() -> Task<Status.Token, any Error> {
            Task { try await world.credentials.revoke(id: id, Self.context("token.revoke")) }
        }
        let first = revoke()
        #expect(await eventually { await world.gate.waitingCount == 1 })
        world.clock.advance(milliseconds: 5_000)
        let second = revoke()
        // Time enough for one that would not wait for its turn.
        for _ in 0..<1_000 { await Task.yield() }
        await world.gate.open()
        #expect(try await [first.value, second.value].map(\.revokedAt) == Array(repeating: Self.epoch, count: 2))
        #expect(await world.stored().tokens.map(\.revokedAt) == [0])
        #expect(world.credentials.tokens.map(\.revokedAt) == [Self.epoch])
        #expect(await world.audit().map(\.outcome) == ["done", "done", "done"])
    }

    static let epoch = "1970-01-01T00:00:00.000000Z"

    @Test("what ended 90 days ago is forgotten with the next change, in the store too; the audit log keeps it")
    func forgets() async throws {
        let world = World()
        let day: UInt64 = 86_400_000
        let revoked = try await world.create("revoked", milliseconds: 365 * day)
        _ = try await world.create("expired", milliseconds: day)
        let live = try await world.create("live", milliseconds: 200 * day)
        _ = try await world.credentials.revoke(id: revoked.token.id, Self.context("token.revoke"))
        world.clock.advance(milliseconds: 90 * day - 1)
        _ = try await world.create("a")
        #expect(await world.stored().tokens.count == 4)
        world.clock.advance(milliseconds: 1)
        // What the store refuses is not forgotten here either.
        await world.store.fail(with: EventLogTests.failure)
        await #expect(throws: ChangeError.self) { try await world.create("b") }
        #expect(world.credentials.tokens.count == 4)
        await world.store.fail(with: nil)
        _ = try await world.create("b")
        #expect(await Set(world.stored().tokens.map(\.name)) == ["expired", "live", "a", "b"])
        world.clock.advance(milliseconds: day)
        _ = try await world.credentials.revoke(id: live.token.id, Self.context("token.revoke"))
        #expect(await Set(world.stored().tokens.map(\.name)) == ["live", "a", "b"])
        #expect(Set(world.credentials.tokens.map(\.name)) == ["live", "a", "b"])
        #expect(await world.audit().contains { $0.subject == revoked.token.id })
    }

    @Test func aRoleOfAnotherVersionGrantsNothing() {
        let secret = "ptl_x"
        let token = StoredToken(
            id: "1", name: "n", role: "owner", hash: SecretDigest(of: secret).bytes, createdAt: 0, createdBy: "ann",
            expiresAt: .max)
        #expect(World(stored: [token]).caller(secret) == nil)
    }
}
