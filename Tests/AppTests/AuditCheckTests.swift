import ControlPlane
import Model
import Store
import Support
import Testing

@testable import App

struct AuditCheckTests {
    private static func chain(_ count: Int) -> [Status.Audit] {
        var (entries, previous) = ([Status.Audit](), AuditEntry.root)
        for number in 1...UInt64(count) {
            let draft = AuditDraft(
                time: 1_767_323_045_000_000_000 + number, who: "anna", role: "operator", from: "10.0.0.7",
                action: "drain.start", subject: "use-a", reason: "deploy \(number)", outcome: "done",
                detail: #"{"mode":"now"}"#, generation: number)
            let entry = AuditEntry(draft, number: number, after: previous)
            entries.append(
                Status.Audit(
                    number: number, time: "2026-01-02T03:04:05Z", timeNanoseconds: "\(draft.time)", who: draft.who,
                    role: draft.role, from: draft.from, action: draft.action, subject: draft.subject,
                    reason: draft.reason, outcome: draft.outcome, detail: draft.detail, generation: draft.generation,
                    previous: HexText.lowercase(previous), hash: HexText.lowercase(entry.hash)))
            previous = entry.hash
        }
        return entries
    }

    private static func fault(_ entries: [Status.Audit]) -> AuditBreak? {
        var check = AuditCheck()
        do throws(AuditBreak) {
            for entry in entries { try check.add(entry) }
            return nil
        } catch { return error }
    }

    @Test("a chain as it was written holds, and its head is the last hash")
    func holds() throws {
        let entries = AuditCheckTests.chain(5)
        var check = AuditCheck()
        for entry in entries { try check.add(entry) }
        #expect(check.count == 5 && HexText.lowercase(check.head) == entries[4].hash)
    }

    @Test("what was removed, replaced or put in between shows")
    func structure() {
        var entries = AuditCheckTests.chain(5)
        entries.remove(at: 2)
        #expect(AuditCheckTests.fault(entries) == AuditBreak(number: 3, .gap(found: 4)))
        let headless = Array(AuditCheckTests.chain(5).dropFirst())
        #expect(AuditCheckTests.fault(headless) == AuditBreak(number: 1, .gap(found: 2)))
        entries = AuditCheckTests.chain(5)
        entries[1].reason = "another"
        // Whoever changes an entry and its hash with it has all later ones against him.
        let draft = AuditDraft(
            time: UInt64(entries[1].timeNanoseconds) ?? 0, who: "anna", role: "operator", from: "10.0.0.7",
            action: "drain.start", subject: "use-a", reason: "another", outcome: "done", detail: #"{"mode":"now"}"#,
            generation: 2)
        let previous = AuditCheck.bytes(entries[0].hash) ?? []
        entries[1].hash = HexText.lowercase(AuditEntry(draft, number: 2, after: previous).hash)
        #expect(AuditCheckTests.fault(entries) == AuditBreak(number: 3, .previousDiffers))
    }

    /// Any letter of any field. Replay: PORTOLAN_SEED=<seed>.
    @Test func noLetterCanBeChanged() throws {
        let fields: [WritableKeyPath<Status.Audit, String>] = [
            \.timeNanoseconds, \.who, \.role, \.from, \.action, \.subject, \.reason, \.outcome, \.detail, \.previous,
            \.hash,
        ]
        var random = SplitMix64.fromEnvironmentOrFresh()
        let (seed, entries) = (random.seed, AuditCheckTests.chain(4))
        for round in 0..<500 {
            var changed = entries
            let index = Int.random(in: 0..<4, using: &random)
            let field = fields[Int.random(in: 0..<fields.count, using: &random)]
            var text = Array(changed[index][keyPath: field])
            let place = Int.random(in: 0..<text.count, using: &random)
            text[place] = text[place] == "0" ? "1" : "0"
            changed[index][keyPath: field] = String(text)
            try #require(AuditCheckTests.fault(changed) != nil, "seed \(seed), round \(round)")
        }
    }

    static let texts: [(String, Bool)] = [
        (String(repeating: "0a", count: 32), true), (String(repeating: "0A", count: 32), true), ("0a", false),
        (String(repeating: "+a", count: 32), false), (String(repeating: "é", count: 32), false),
    ]
    @Test("32 bytes in digits", arguments: texts)
    func digits(text: String, isOne: Bool) { #expect((AuditCheck.bytes(text) != nil) == isOne) }
}
