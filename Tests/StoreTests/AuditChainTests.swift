import Model
import Support
import Testing

@testable import Store

struct AuditChainTests {
    /// A log of that many entries.
    private static func log(_ count: Int, _ random: SplitMix64) -> [AuditEntry] {
        var (samples, chain) = (Samples(random), AuditChain())
        return (0..<count).map { index in
            let entry = chain.link(samples.draft(UInt64(index)))
            chain = AuditChain(after: entry)
            return entry
        }
    }

    /// What is found wrong.
    private static func found(_ entries: [AuditEntry], after: AuditChain = AuditChain(), head: AuditChain? = nil)
        -> AuditBreak?
    {
        do throws(AuditBreak) {
            _ = try AuditChain.verify(entries, after: after, head: head)
            return nil
        } catch { return error }
    }

    static let entries = log(6, SplitMix64(seed: 1))

    typealias Row = (change: @Sendable (inout [AuditEntry]) -> Void, found: AuditBreak?)
    static let rows: [Row] = [
        ({ _ in }, nil),
        ({ $0.removeAll() }, AuditBreak(number: 1, .truncated(head: 6))),
        ({ $0.removeLast() }, AuditBreak(number: 6, .truncated(head: 6))),
        ({ $0.removeFirst() }, AuditBreak(number: 1, .gap(found: 2))),
        ({ $0.remove(at: 3) }, AuditBreak(number: 4, .gap(found: 5))),
        ({ $0.swapAt(1, 2) }, AuditBreak(number: 2, .gap(found: 3))),
        ({ $0.insert($0[2], at: 2) }, AuditBreak(number: 4, .gap(found: 3))),
        ({ $0[2].draft.reason = "another" }, AuditBreak(number: 3, .hashDiffers)),
        ({ $0[2].draft.generation += 1 }, AuditBreak(number: 3, .hashDiffers)),
        ({ $0[5].hash[31] ^= 1 }, AuditBreak(number: 6, .hashDiffers)),
        ({ $0[2].previous[0] ^= 1 }, AuditBreak(number: 3, .previousDiffers)),
        // Made whole again by somebody who knows how: then the next one tells, or the head that was noted.
        ({ $0[2] = changed($0[2]) }, AuditBreak(number: 4, .previousDiffers)),
        ({ $0[5] = changed($0[5]) }, AuditBreak(number: 6, .headDiffers)),
        ({ $0 = log(6, SplitMix64(seed: 2)) }, AuditBreak(number: 6, .headDiffers)),
    ]

    /// With another reason and the hash for it.
    static func changed(_ entry: AuditEntry) -> AuditEntry {
        var draft = entry.draft
        draft.reason += "!"
        return AuditEntry(draft, number: entry.number, after: entry.previous)
    }

    @Test("the first number that does not fit, and why", arguments: rows)
    func finds(row: Row) {
        var entries = AuditChainTests.entries
        let head = AuditChain(after: entries.last)
        row.change(&entries)
        #expect(AuditChainTests.found(entries, head: head) == row.found)
    }

    @Test("a part is checked from where the part before it ended; a head in the middle too")
    func parts() throws {
        let entries = AuditChainTests.entries
        let middle = try AuditChain.verify(entries[..<3])
        #expect(middle == AuditChain(number: 3, hash: entries[2].hash))
        #expect(try AuditChain.verify(entries[3...], after: middle) == AuditChain(after: entries.last))
        #expect(AuditChainTests.found(Array(entries[3...])) == AuditBreak(number: 1, .gap(found: 4)))
        #expect(AuditChainTests.found(Array(entries[4...]), after: middle) == AuditBreak(number: 4, .gap(found: 5)))
        #expect(AuditChainTests.found(entries, head: middle) == nil)
        let other = AuditChain(number: 3, hash: entries[0].hash)
        #expect(AuditChainTests.found(entries, head: other) == AuditBreak(number: 3, .headDiffers))
        #expect(AuditChainTests.found([], after: middle, head: other) == AuditBreak(number: 3, .headDiffers))
    }

    @Test("fields do not run into each other")
    func fieldsAreApart() {
        var (one, other) = (AuditChainTests.entries[0].draft, AuditChainTests.entries[0].draft)
        (one.action, one.subject) = ("drain", "use-a")
        (other.action, other.subject) = ("drainu", "se-a")
        #expect(AuditChain().link(one).hash != AuditChain().link(other).hash)
    }

    /// One changed byte anywhere, one entry gone, two in the wrong order: all of it is found, at the right place.
    @Test func findsAnyChange() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let entries = AuditChainTests.log(20, random)
        let head = AuditChain(after: entries.last)
        try #require(AuditChainTests.found(entries, head: head) == nil, "seed \(random.seed)")
        for round in 0..<3_000 {
            var bad = entries
            let index = Int(random.next(below: 20))
            switch random.next(below: 4) {
            case 0: bad.remove(at: index)
            case 1: bad.swapAt(index, (index + 1 + Int(random.next(below: 19))) % 20)
            default: AuditChainTests.changeOneByte(of: &bad[index], &random)
            }
            let found = try #require(AuditChainTests.found(bad, head: head), "seed \(random.seed), round \(round)")
            let first = zip(bad, entries).enumerated().first { $1.0 != $1.1 }?.offset ?? 19
            try #require(found.number == UInt64(first) + 1, "seed \(random.seed), round \(round)")
        }
    }

    private static func changeOneByte(of entry: inout AuditEntry, _ random: inout SplitMix64) {
        let bit = UInt8(1) << UInt8(random.next(below: 7))
        switch random.next(below: 8) {
        case 0: entry.hash[Int(random.next(below: 32))] ^= bit
        case 1: entry.previous[Int(random.next(below: 32))] ^= bit
        case 2: entry.number ^= UInt64(bit)
        case 3: entry.draft.time ^= UInt64(bit)
        case 4: entry.draft.generation ^= UInt64(bit) << 32
        default:
            let fields = [\AuditDraft.who, \.role, \.from, \.action, \.subject, \.reason, \.outcome, \.detail]
            let field = fields[Int(random.next(below: 8))]
            var bytes = Array(entry.draft[keyPath: field].utf8)
            let index = bytes.indices.filter { bytes[$0] < 0x80 }.randomElement(using: &random)
            if let index { bytes[index] ^= bit } else { bytes.append(0x41) }
            entry.draft[keyPath: field] = String(decoding: bytes, as: UTF8.self)
        }
    }
}
