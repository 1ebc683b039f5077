import ControlPlane
import Store

/// The audit log as the API shows it, put back into the form that its hashes cover.
struct AuditCheck {
    private(set) var chain = AuditChain()

    /// Entries that hold.
    var count: UInt64 { chain.number }
    /// Hash of the last of them.
    var head: [UInt8] { chain.hash }

    /// The next entry.
    mutating func add(_ shown: Status.Audit) throws(AuditBreak) {
        guard let time = UInt64(shown.timeNanoseconds), let previous = AuditCheck.bytes(shown.previous),
            let hash = AuditCheck.bytes(shown.hash)
        else { throw AuditBreak(number: shown.number, .hashDiffers) }
        let draft = AuditDraft(
            time: time, who: shown.who, role: shown.role, from: shown.from, action: shown.action,
            subject: shown.subject, reason: shown.reason, outcome: shown.outcome, detail: shown.detail,
            generation: shown.generation)
        try add(AuditEntry(number: shown.number, draft: draft, previous: previous, hash: hash))
    }

    mutating func add(_ entry: AuditEntry) throws(AuditBreak) { try chain.append(entry) }

    /// 32 bytes, or nil.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 64, text.allSatisfy(\.isHexDigit) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }
}
