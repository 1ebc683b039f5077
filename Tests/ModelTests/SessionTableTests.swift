import Foundation
import Model
import Support
import Synchronization
import Testing

/// Hands one value from thread to thread without a lock of its own: what is tested is the table's.
private final class Turn: Sendable {
    let arrived = Atomic<Int>(0)
    func wait(for count: Int) {
        arrived.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while arrived.load(ordering: .sequentiallyConsistent) < count { sched_yield() }
    }
}

struct SessionTableTests {
    static let rules = SessionRules()

    private func hold(_ cell: Int) -> SessionHold {
        SessionHold(region: RegionID(rawValue: UInt16(cell % 3)), cell: CellID(rawValue: UInt16(cell)))
    }

    @Test("capacity is whole sets, a power of two of them", arguments: [(1, 8), (8, 8), (9, 16), (1_000_000, 1 << 20)])
    func capacity(asked: Int, made: Int) { #expect(SessionTable(capacity: asked).capacity == made) }

    @Test func keysComeFromIdAndSecret() {
        let id: ByteView = "producer-1"
        let key = SessionKey(id, SipHash.Key(low: 1, high: 2))
        #expect(key == SessionKey(id, SipHash.Key(low: 1, high: 2)))
        #expect(key != SessionKey(id, SipHash.Key(low: 1, high: 3)))
        #expect(key != SessionKey("producer-2", SipHash.Key(low: 1, high: 2)))
        let secret = SipHash.Key(low: 1, high: 2)
        let (a, b) = (SessionKey(id, tenant: "a", secret), SessionKey(id, tenant: "b", secret))
        #expect(a != b && a != key && SessionKey(id, tenant: .absent, secret) == key)
        #expect(key.low != key.high && key.hash == KeyHash(key.low))
    }

    /// (seconds after it was made, seconds after it was last seen, is it there).
    static let ages: [(UInt32, UInt32, Bool)] = [
        (0, 0, true), (1_800, 1_800, true), (1_801, 1_801, false), (86_400, 10, true), (86_401, 10, false),
    ]

    @Test("idle and life end a session", arguments: ages)
    func expires(age: UInt32, idle: UInt32, isThere: Bool) {
        let table = SessionTable(capacity: 8)
        let key = SessionKey(low: 5, high: 6)
        #expect(table.hold(key, hold(1), nowSeconds: 1_000, Self.rules) == hold(1))
        table.restore(key, hold(1), lastSeen: 1_000 + age - idle, created: 1_000)
        #expect(table.find(key, nowSeconds: 1_000 + age, Self.rules) == (isThere ? hold(1) : nil))
        // What ran out is nobody's: another hold takes its place.
        #expect(table.hold(key, hold(2), nowSeconds: 1_000 + age, Self.rules) == (isThere ? hold(1) : hold(2)))
    }

    @Test("a clock that goes back ends nothing")
    func backwards() {
        let table = SessionTable(capacity: 8)
        let key = SessionKey(low: 5, high: 6)
        _ = table.hold(key, hold(1), nowSeconds: 1_000_000, Self.rules)
        #expect(table.find(key, nowSeconds: 10, Self.rules) == hold(1))
    }

    @Test("a move replaces what was found, and nothing else")
    func moves() {
        let table = SessionTable(capacity: 8)
        let key = SessionKey(low: 0, high: 0)
        #expect(table.hold(key, hold(1), nowSeconds: 10, Self.rules) == hold(1))
        #expect(table.hold(key, hold(2), nowSeconds: 11, Self.rules) == hold(1), "new, and another was first")
        #expect(table.hold(key, hold(2), replacing: hold(1), nowSeconds: 12, Self.rules) == hold(2))
        #expect(table.hold(key, hold(3), replacing: hold(1), nowSeconds: 13, Self.rules) == hold(2), "moved meanwhile")
        var seen: [[UInt32]] = []
        table.visit { _, hold, lastSeen, created in seen.append([UInt32(hold.cell.rawValue), lastSeen, created]) }
        #expect(seen == [[2, 13, 10]])
    }

    @Test("the least recently seen of a set gives way")
    func leastRecentlySeen() {
        let table = SessionTable(capacity: 8)
        for index in 0..<8 {
            _ = table.hold(SessionKey(low: UInt64(index + 1), high: 0), hold(index), nowSeconds: 100, Self.rules)
        }
        for index in [0, 1, 2, 4, 5, 6, 7] {
            #expect(table.find(SessionKey(low: UInt64(index + 1), high: 0), nowSeconds: 101, Self.rules) != nil)
        }
        _ = table.hold(SessionKey(low: 99, high: 0), hold(9), nowSeconds: 102, Self.rules)
        #expect(table.find(SessionKey(low: 4, high: 0), nowSeconds: 102, Self.rules) == nil)
        #expect(table.find(SessionKey(low: 1, high: 0), nowSeconds: 102, Self.rules) == hold(0))
        #expect(table.find(SessionKey(low: 99, high: 0), nowSeconds: 102, Self.rules) == hold(9))
    }

    /// Against a dictionary; no set is ever full.
    @Test func agreesWithADictionary() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let table = SessionTable(capacity: 1 << 16)
        var model: [SessionKey: SessionHold] = [:]
        for step in 0..<20_000 {
            let number = UInt64(random.next(below: 4_000))
            let key = SessionKey(low: number % 2 + 1, high: number / 2 &* 0x9E37_79B9)
            let wanted = hold(Int(random.next(below: 200)))
            let known = model[key] ?? .none
            try #require(table.find(key, nowSeconds: 5, Self.rules) ?? .none == known, "seed \(random.seed), \(step)")
            if known.isNone || random.next(below: 4) == 0 {
                let stands = table.hold(key, wanted, replacing: known, nowSeconds: 5, Self.rules)
                try #require(stands == wanted, "seed \(random.seed), \(step)")
                model[key] = wanted
            }
        }
        var count = 0
        table.visit { key, hold, _, _ in count += model[key] == hold ? 1 : -1_000_000 }
        #expect(count == model.count, "seed \(random.seed)")
    }

    /// Workers race for the same new producers in sets that are full and whose order of age keeps changing.
    @Test("racing workers agree on one hold", arguments: [2, 3, 4])
    func races(workers: Int) throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<200 {
            let seed = random.next()
            let said = raceOnce(workers: workers, seed: seed)
            try #require(said.isEmpty, "\(said), seed \(random.seed), round \(round)")
        }
    }

    /// What went wrong; empty: nothing.
    private func raceOnce(workers: Int, seed: UInt64) -> String {
        let table = SessionTable(capacity: 8)
        for way in 0..<8 {
            _ = table.hold(SessionKey(low: 1_000 + UInt64(way), high: 0), hold(7), nowSeconds: 100, Self.rules)
        }
        let keys = 4
        // A slot for each answer, which one thread writes.
        nonisolated(unsafe) let results = UnsafeMutablePointer<SessionHold>.allocate(capacity: keys * workers)
        defer { results.deallocate() }
        let turns = (0..<keys).map { _ in Turn() }
        let threads = (0..<workers).map { worker in
            Thread {
                var random = SplitMix64(seed: seed &+ UInt64(worker))
                for index in 0..<keys {
                    // Which of the old ones is the oldest differs between workers at the moment they choose.
                    let old = SessionKey(low: 1_000 + random.next() % 8, high: 0)
                    turns[index].wait(for: workers)
                    _ = table.find(old, nowSeconds: 101 + UInt32(random.next(below: 50)), Self.rules)
                    let key = SessionKey(low: UInt64(index + 1), high: 0)
                    let stands = table.hold(key, self.hold(worker), nowSeconds: 300, Self.rules)
                    results[index * workers + worker] = stands
                }
                turns[0].arrived.wrappingAdd(1, ordering: .sequentiallyConsistent)
            }
        }
        for thread in threads { thread.start() }
        while turns[0].arrived.load(ordering: .sequentiallyConsistent) < 2 * workers { sched_yield() }
        var held: [SessionKey: [SessionHold]] = [:]
        table.visit { key, hold, _, _ in held[key, default: []].append(hold) }
        for index in 0..<keys {
            let said = (0..<workers).map { results[index * workers + $0] }
            let inTable = held[SessionKey(low: UInt64(index + 1), high: 0)] ?? []
            if Set(said.map(\.cell)).count != 1 { return "key \(index) was told \(said)" }
            if inTable != [said[0]] { return "key \(index) is held \(inTable), told \(said[0])" }
        }
        return ""
    }

    /// Moves, inserts and evictions all at once: every answer is one that somebody gave, and no key is there twice.
    @Test func staysWholeUnderStress() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<20 {
            let table = SessionTable(capacity: 16)
            let (seed, done, strangers) = (random.next(), Turn(), Turn())
            for worker in 0..<4 {
                Thread {
                    var random = SplitMix64(seed: seed &+ UInt64(worker))
                    for step in 0..<3_000 {
                        let number = random.next(below: 24)
                        let key = SessionKey(low: UInt64(number) + 1, high: UInt64(number % 2))
                        let found = table.find(key, nowSeconds: UInt32(step), Self.rules) ?? .none
                        // A key's holds are its own: 100 × its number and up.
                        let wanted = self.hold(Int(number) * 100 + worker)
                        let stands = table.hold(key, wanted, replacing: found, nowSeconds: UInt32(step), Self.rules)
                        for hold in [found, stands] where !hold.isNone && Int(hold.cell.rawValue) / 100 != number {
                            strangers.arrived.wrappingAdd(1, ordering: .relaxed)
                        }
                    }
                    done.arrived.wrappingAdd(1, ordering: .sequentiallyConsistent)
                }.start()
            }
            done.wait(for: 5)
            var keys: [UInt64: Int] = [:]
            table.visit { key, _, _, _ in keys[key.low, default: 0] += 1 }
            let wrong = strangers.arrived.load(ordering: .relaxed)
            let isWhole = wrong == 0 && keys.values.allSatisfy { $0 == 1 }
            try #require(isWhole, "\(wrong) strangers, \(keys), seed \(random.seed), round \(round)")
        }
    }
}
