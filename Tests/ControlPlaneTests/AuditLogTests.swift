import Logging
import Store
import Testing

@testable import ControlPlane

struct AuditLogTests {
    static func context(_ name: String = "ann", role: Role = .viewer, detail: String = "{}") -> ChangeContext {
        ChangeContext(
            caller: Caller(name: name, role: role, from: "192.0.2.1"), action: "weight.set", detail: detail)
    }

    @Test func showsEntriesAsTheChainHasThem() async throws {
        let store = MemoryStore()
        let log = AuditLog(store: store, logger: .silent, clock: .fixed(wall: 951_868_800_000_001_000))
        for index in 1...5 {
            await log.refused(Self.context(), subject: "use-\(index)", outcome: "forbidden", generation: 7)
        }
        let first = try await log.entries(after: 0, limit: 2)
        #expect(first.map(\.number) == [1, 2] && first[1].previous == first[0].hash)
        #expect(first[0].previous == String(repeating: "0", count: 64) && first[0].hash.count == 64)
        #expect(first[0].time == "2000-03-01T00:00:00.000001Z" && first[0].timeNanoseconds == "951868800000001000")
        #expect(first[0].who == "ann" && first[0].role == "viewer" && first[0].from == "192.0.2.1")
        #expect(first[0].action == "weight.set" && first[0].subject == "use-1" && first[0].outcome == "forbidden")
        #expect(first[0].generation == 7 && first[0].detail == "{}" && first[0].reason.isEmpty)
        #expect(try await log.entries(before: nil, limit: 2).map(\.number) == [5, 4])
        #expect(try await log.entries(before: 4, limit: 9).map(\.number) == [3, 2, 1])
    }

    /// Strangers who knock use up their own budget alone, and what they send is cut.
    @Test func aFloodOfStrangersHidesNothing() async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        let log = AuditLog(store: store, logger: .silent, clock: clock.clock)
        let long = String(repeating: "é", count: 5_000)
        for _ in 0..<1_000 {
            await log.refused(
                Self.context("?", detail: long), subject: long, outcome: "unauthorized", generation: 1)
        }
        await log.refused(Self.context(), subject: "use-a", outcome: "forbidden", generation: 1)
        let all = try await log.entries(after: 0, limit: 2_000)
        #expect(all.count == 301 && all[300].outcome == "forbidden")
        #expect(await log.unrecordedCount == 700)
        #expect(all[0].subject.utf8.count == AuditLog.maxSubjectBytes && all[0].subject.allSatisfy { $0 == "é" })
        #expect(all[0].detail.utf8.count == AuditLog.maxDetailBytes)
        clock.advance(milliseconds: 10_000)
        await log.refused(Self.context("?"), subject: "x", outcome: "rate_limited", generation: 1)
        #expect(try await log.entries(before: nil, limit: 1)[0].reason.contains("700 refusals"))
    }

    @Test func whatTheStoreDoesNotTakeIsInTheLog() async throws {
        let (store, lines) = (MemoryStore(), CollectedLines())
        let output = lines.take
        let logger = Logger(label: "test") { _ in JSONLogHandler(output: output, clock: .fixed()) }
        let log = AuditLog(store: store, logger: logger, clock: .fixed())
        await store.fail(with: EventLogTests.failure)
        await log.refused(Self.context(), subject: "use-a", outcome: "forbidden", generation: 1)
        #expect(lines.all.count == 1 && lines.all[0].contains("the disk is full") && lines.all[0].contains("use-a"))
        #expect(await log.unrecordedCount == 1)
    }
}
