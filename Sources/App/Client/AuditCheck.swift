import ControlPlane
import Store

/// Goes along the audit log from its first entry, and finds what was changed, left out or put in between.
struct AuditCheck {
    /// Where the chain does not hold.
    enum Fault: Error, Equatable {
        /// Numbers leave something out.
        case missing(number: UInt64)
        /// Its `previous` is not the hash of the entry before.
        case unlinked(number: UInt64)
        /// Its hash is not that of what it says.
        case altered(number: UInt64)

        var words: String {
            switch self {
            case .missing(let number): "entry \(number) is not where it belongs: entries were removed or put in"
            case .unlinked(let number):
                "entry \(number) does not follow the one before: what is before it was changed or replaced"
            case .altered(let number): "entry \(number) is not what was written: its hash does not fit what it says"
            }
        }
    }

    /// Entries that hold.
    private(set) var count: UInt64 = 0
    /// Hash of the last of them.
    private(set) var head = AuditEntry.root

    /// The next entry.
    mutating func add(_ shown: Status.Audit) throws(Fault) {
        guard shown.number == count + 1 else { throw .missing(number: count + 1) }
        guard let time = UInt64(shown.timeNanoseconds), let previous = AuditCheck.bytes(shown.previous),
            let hash = AuditCheck.bytes(shown.hash)
        else { throw .altered(number: shown.number) }
        guard previous == head else { throw .unlinked(number: shown.number) }
        let draft = AuditDraft(
            time: time, who: shown.who, role: shown.role, from: shown.from, action: shown.action,
            subject: shown.subject, reason: shown.reason, outcome: shown.outcome, detail: shown.detail,
            generation: shown.generation)
        let entry = AuditEntry(number: shown.number, draft: draft, previous: previous, hash: hash)
        guard entry.digest == hash else { throw .altered(number: shown.number) }
        (count, head) = (shown.number, hash)
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

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
