import Model
import Support
import Testing

@testable import Discovery

struct DNSMessageTests {
    static let rows: [([DNSRecord], [String], UInt32)] = [
        ([], [], 0),
        ([.a(1, life: 60)], ["10.0.0.1"], 60),
        ([.a(2, life: 60), .a(1, life: 30)], ["10.0.0.1", "10.0.0.2"], 30),
        ([.alias(life: 5), .a(1, life: 60)], ["10.0.0.1"], 5),
        ([.alias(life: 5)], [], 0),
        ([.aaaa(1, life: 60)], ["fd00::1"], 60),
        ([.a(1, life: .max)], ["10.0.0.1"], 0),
        ([.a(1, life: 60), DNSRecord(type: 16, lifeSeconds: 1, data: [1, 0x78])], ["10.0.0.1"], 60),  // TXT
        ([.a(1, life: 60), DNSRecord(type: 1, space: 3, lifeSeconds: 1, data: [9])], ["10.0.0.1"], 60),  // Chaosnet
    ]

    @Test("addresses and the shortest life that led to them", arguments: rows)
    func reads(records: [DNSRecord], addresses: [String], life: UInt32) throws {
        let bytes = DNSRecord.message(answering: DNSRecord.question[...], records)
        let answer = try #require(DNSMessage.answer(in: bytes[...]))
        #expect(answer.addresses.map(\.description) == addresses)
        #expect(answer.lifeSeconds == life)
    }

    @Test("a message that ends too soon is none", arguments: 0..<35)
    func isCutShort(count: Int) {
        let bytes = DNSRecord.message(answering: DNSRecord.question[...], [.a(1, life: 60)])
        #expect(bytes.count == 35)
        #expect(DNSMessage.answer(in: bytes[..<count]) == nil)
    }

    static let broken: [(String, [UInt8])] = [
        ("an address of three bytes", message([DNSRecord(type: 1, lifeSeconds: 1, data: [10, 0, 0])])),
        ("an address of five", message([DNSRecord(type: 1, lifeSeconds: 1, data: [10, 0, 0, 1, 1])])),
        ("an IPv6 address of four", message([DNSRecord(type: 28, lifeSeconds: 1, data: [10, 0, 0, 1])])),
        ("a label of a kind that is not there", [0, 7, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x41, 0x61, 0, 0, 1, 0, 1]),
    ]

    @Test("nonsense is none", arguments: broken)
    func isBroken(name: String, bytes: [UInt8]) { #expect(DNSMessage.answer(in: bytes[...]) == nil, "\(name)") }

    /// Whatever a server sends, nothing traps and no address comes from nowhere. Replay: PORTOLAN_SEED=<seed>.
    @Test func anyBytesAreRead() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let good = DNSMessageTests.message([.alias(life: 5), .a(1, life: 60), .aaaa(2, life: 7)])
        for round in 0..<50_000 {
            var bytes = good
            for _ in 0..<(1 + random.next() % 6) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            bytes.removeLast(Int(random.next() % UInt64(bytes.count)) * Int(random.next() % 2))
            let found = DNSMessage.answer(in: bytes[...])
            let most = bytes.count / 14  // a record's least
            try #require((found?.addresses.count ?? 0) <= most, "seed \(random.seed), round \(round)")
        }
    }

    private static func message(_ records: [DNSRecord]) -> [UInt8] {
        DNSRecord.message(answering: DNSRecord.question[...], records)
    }
}
