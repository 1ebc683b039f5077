import Model
import Support
import Testing

@testable import ControlPlane

struct DecisionFactsTests {
    /// A record's decision, the region asked for, and the words that stand for them.
    static let rows: [(name: String, words: String, change: @Sendable (inout DecisionRecord) -> Void)] = [
        ("", "", { _ in }),
        (
            "", " k3w5e11264sgsf h1.2",
            { decision in
                (decision.key, decision.isKeyed) = (.max, true)
                decision.hold = SessionHold(region: RegionID(rawValue: 1), cell: CellID(rawValue: 2))
            }
        ),
        ("eu-west", " x1", { _ in }), ("nowhere", " x?", { _ in }),
        ("", " l3 n1", { ($0.letGo, $0.nearest) = (RegionSet(bits: 3), RegionID(rawValue: 1)) }),
        (
            "", " r1 c2 e5 w9 g7",
            { decision in
                (decision.region, decision.cell) = (RegionID(rawValue: 1), CellID(rawValue: 2))
                (decision.endpoint, decision.reason) = (EndpointID(rawValue: 5), .latency)
                decision.generation = 7
            }
        ),
    ]

    @Test("what the formatter writes is read back", arguments: rows.indices)
    func roundTrips(index: Int) throws {
        let row = DecisionFactsTests.rows[index]
        var record = RequestRecord()
        (record.region, record.cell, record.generation) = (RegionID(rawValue: 0), CellID(rawValue: 0), 1)
        (record.decision.region, record.decision.cell, record.decision.generation) = (record.region, record.cell, 1)
        row.change(&record.decision)
        let names = LogNames(snapshot: SmallWorld().snapshot, listeners: [])
        var line = LineBuffer()
        Array(row.name.utf8).withUnsafeBytes { name in
            let none = UnsafeRawBufferPointer(rebasing: name[..<0])
            let texts = RecordTexts(requestID: none, authority: none, path: none, tenant: none, xRegion: name)
            AccessLogFormatter.appendFacts(
                record, endpoint: .none, texts, names, run: Array("0a9z".utf8), to: &line)
        }
        #expect(line.text == ",\"facts\":\"0a9z\(row.words)\"")
        let facts = try #require(DecisionFacts("0a9z\(row.words)"))
        let decision = record.decision
        #expect(facts.run == "0a9z" && facts.key == (decision.isKeyed ? decision.key : nil))
        #expect(facts.hold == decision.hold && facts.letGo == decision.letGo && facts.nearest == decision.nearest)
        #expect(facts.xRegion == (row.name == "eu-west" ? .named(1) : row.name.isEmpty ? .absent : .unknown))
        let isOther = decision.generation == 7
        #expect(facts.generation == (isOther ? 7 : nil) && facts.reason == (isOther ? .latency : nil))
        #expect(facts.region == (isOther ? 1 : nil) && facts.cell == (isOther ? 2 : nil))
        #expect(facts.endpoint == (isOther ? 5 : nil))
    }

    static let nonsense = ["", " ", "a b", "a k", "a k-1", "a kzzzzzzzzzzzzzz", "a h1", "a h1.2.3", "a x", "a  k1"]
    @Test("words of no decision", arguments: nonsense)
    func refuses(text: String) { #expect(DecisionFacts(text) == nil) }
}
