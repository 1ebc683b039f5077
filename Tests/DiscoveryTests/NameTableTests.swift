import Discovery
import Model
import Support
import Testing

struct NameTableTests {
    private static let one = IPAddress(v4: 0x0A00_0001)
    private static let two = IPAddress(v4: 0x0A00_0002)
    private static let start = LoopTime.zero.advanced(milliseconds: 1_000_000)

    private static func table(life: UInt32) -> NameTable {
        var table = NameTable(seed: 1)
        _ = table.adopt(["a.test"], ["a.test": .success(Answer([one, two], lifeSeconds: life))], now: start)
        return table
    }

    /// The life a server tells, and between how many milliseconds later the name is asked for again.
    static let lives: [(UInt32, ClosedRange<UInt64>)] = [
        (0, 1_000...1_000), (1, 1_000...1_000), (10, 9_000...10_000), (300, 270_000...300_000),
        (86_400, 270_000...300_000), (.max, 270_000...300_000),
    ]

    @Test("a name is asked for when its life ends, within bounds", arguments: lives)
    func isDue(life: UInt32, after: ClosedRange<UInt64>) {
        var spread: Set<UInt64> = []
        for seed in 0..<100 {
            var table = NameTable(seed: UInt64(seed))
            let answer = Answer([NameTableTests.one], lifeSeconds: life)
            _ = table.adopt(["a.test"], ["a.test": .success(answer)], now: NameTableTests.start)
            let milliseconds = table.nextDue.milliseconds(since: NameTableTests.start)
            #expect(after.contains(milliseconds))
            spread.insert(milliseconds)
        }
        #expect(spread.count > (after.count > 1 ? 50 : 0))  // not all at once
    }

    @Test func aNameIsAskedForOnceAtATime() {
        var table = NameTableTests.table(life: 10)
        #expect(table.takeDue(now: NameTableTests.start) == [])
        let later = NameTableTests.start.advanced(milliseconds: 10_000)
        #expect(table.takeDue(now: later) == ["a.test"])
        #expect(table.takeDue(now: later) == [])
        #expect(table.nextDue == .distantFuture)
        #expect(
            table.ended(
                "a.test", .success(Answer([NameTableTests.one, NameTableTests.two], lifeSeconds: 10)), now: later)
                == .unchanged)
        #expect((9_000...10_000).contains(table.nextDue.milliseconds(since: later)))
    }

    @Test func whatChangesIsTold() {
        var table = NameTableTests.table(life: 10)
        let three = IPAddress(v4: 0x0A00_0003)
        let change = table.ended(
            "a.test", .success(Answer([three, NameTableTests.two], lifeSeconds: 10)), now: NameTableTests.start)
        #expect(change == .changed(added: [three], removed: [NameTableTests.one]))
        #expect(table.addresses == ["a.test": [NameTableTests.two, three]])
    }

    @Test("what a name no longer stands for at all stays for 10 s, after a reload too", arguments: [false, true])
    func theOldLingers(isReload: Bool) {
        let (one, two, three) = (NameTableTests.one, NameTableTests.two, IPAddress(v4: 0x0A00_0003))
        var (table, now) = (NameTableTests.table(life: 10), NameTableTests.start)
        let answer = Answer([three], lifeSeconds: 1)
        let change =
            isReload
            ? table.adopt(["a.test"], ["a.test": .success(answer)], now: now).first?.change
            : table.ended("a.test", .success(answer), now: now)
        #expect(change == .replaced(by: [three], leaving: [one, two]))
        #expect(table.addresses == ["a.test": [three, one, two]])
        // Neither a failure nor an answer in between ends it.
        now = now.advanced(milliseconds: 9_999)
        _ = table.ended("a.test", .failure(LookupFailure(reason: "x")), now: now)
        #expect(table.ended("a.test", .success(answer), now: now) == .recovered)
        #expect(table.endLingering(now: now).isEmpty && table.addresses == ["a.test": [three, one, two]])
        #expect(table.endLingering(now: table.nextEnd) == ["a.test": [one, two]])
        #expect(table.addresses == ["a.test": [three]] && table.nextEnd == .distantFuture)
    }

    /// Failures and empty answers leave what was there, are told once, and are tried again in 5 s.
    @Test func theLastGoodAnswerStands() {
        var table = NameTableTests.table(life: 300)
        var now = NameTableTests.start.advanced(milliseconds: 300_000)
        let bad: [Result<Answer, LookupFailure>] = [
            .failure(LookupFailure(reason: "no answer from DNS")), .success(Answer([], lifeSeconds: 600)),
            .failure(LookupFailure(reason: "no such name", isFinal: true)),
        ]
        var told: [SourceChange<IPAddress>] = []
        for result in bad {
            #expect(table.takeDue(now: now) == ["a.test"])
            told.append(table.ended("a.test", result, now: now))
            #expect(table.addresses == ["a.test": [NameTableTests.one, NameTableTests.two]])
            #expect(table.nextDue == now.advanced(milliseconds: 5_000))
            now = now.advanced(milliseconds: 5_000)
        }
        #expect(told == [.failed("no answer from DNS"), .unchanged, .unchanged])
        let good = Answer([NameTableTests.one, NameTableTests.two], lifeSeconds: 10)
        #expect(table.ended("a.test", .success(good), now: now) == .recovered)
        #expect(table.ended("a.test", .success(good), now: now) == .unchanged)
        #expect(table.ended("a.test", bad[1], now: now) == .failed("no address"))
    }

    @Test("a reload leaves names without an answer what they were, and tells of those that were something")
    func aReloadWithoutAnswers() {
        var table = NameTableTests.table(life: 10)
        let (start, dark) = (NameTableTests.start, LookupFailure(reason: "no answer from DNS"))
        let three = IPAddress(v4: 0x0A00_0003)
        let changes = table.adopt(
            ["a.test", "b.test", "c.test"],
            ["a.test": .failure(dark), "b.test": .success(Answer([three], lifeSeconds: 10))], now: start)
        #expect(changes.map(\.name) == ["a.test"] && changes.first?.change == .failed(dark.reason))
        #expect(table.addresses == ["a.test": [NameTableTests.one, NameTableTests.two], "b.test": [three]])
        #expect(table.takeDue(now: start) == ["c.test"])
        #expect(table.nextDue == start.advanced(milliseconds: 5_000))
    }

    @Test func namesComeAndGo() {
        var table = NameTableTests.table(life: 10)
        table.watch(["b.test", "a.test"], now: NameTableTests.start)
        #expect(table.addresses.keys.sorted() == ["a.test"])
        #expect(table.takeDue(now: NameTableTests.start) == ["b.test"])
        table.watch(["a.test"], now: NameTableTests.start)
        // Whoever asked did not hear of it yet.
        let late = table.ended(
            "b.test", .success(Answer([NameTableTests.one], lifeSeconds: 1)), now: NameTableTests.start)
        #expect(late == .unchanged && table.addresses.keys.sorted() == ["a.test"])
    }

    /// Whatever servers say in whatever order, a name that was good once never loses its addresses, and none is asked
    /// for more than once a second. Replay: PORTOLAN_SEED=<seed>.
    @Test func aNameThatWasGoodStaysGood() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        var table = NameTable(seed: random.next())
        var now = NameTableTests.start
        let first = Answer([NameTableTests.one], lifeSeconds: 0)
        _ = table.adopt(["a.test"], ["a.test": .success(first)], now: now)
        var last = LoopTime.zero
        for round in 0..<5_000 {
            now = now.advanced(milliseconds: random.next() % 2_000)
            for name in table.takeDue(now: now) {
                try #require(now.milliseconds(since: last) >= 1_000, "seed \(random.seed), round \(round)")
                last = now
                let addresses = (0..<(random.next() % 3)).map { IPAddress(v4: UInt32($0)) }
                let result: Result<Answer, LookupFailure> =
                    random.next() % 3 == 0
                    ? .failure(LookupFailure(reason: "x"))
                    : .success(Answer(addresses, lifeSeconds: UInt32(truncatingIfNeeded: random.next() % 4)))
                _ = table.ended(name, result, now: now)
            }
            try #require(table.addresses["a.test"]?.isEmpty == false, "seed \(random.seed), round \(round)")
        }
    }
}
