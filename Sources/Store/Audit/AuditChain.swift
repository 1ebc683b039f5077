/// Where a chain of audit entries stands: makes the next link, and checks links that somebody else made.
///
/// It sees every change of an entry and every entry that is missing, put in or moved, but for those at the end: that
/// they are gone shows only against a later state of the chain that was noted elsewhere.
public struct AuditChain: Equatable, Sendable {
    /// Of the latest entry; 0 before the first.
    public private(set) var number: UInt64
    /// Of the latest entry.
    public private(set) var hash: [UInt8]

    /// As it stands before the first entry, or as somebody noted it.
    public init(number: UInt64 = 0, hash: [UInt8] = AuditEntry.root) { (self.number, self.hash) = (number, hash) }

    public init(after entry: AuditEntry?) {
        self.init(number: entry?.number ?? 0, hash: entry?.hash ?? AuditEntry.root)
    }

    /// The draft as the next link. NUL characters become U+FFFD: SQLite's texts end at one, and what is read back must
    /// have the hash of what was written.
    public func link(_ draft: AuditDraft) -> AuditEntry {
        var draft = draft
        for field in [\AuditDraft.who, \.role, \.from, \.action, \.subject, \.reason, \.outcome, \.detail] {
            draft[keyPath: field] = draft[keyPath: field].withoutNUL
        }
        return AuditEntry(draft, number: number &+ 1, after: hash)
    }

    /// Takes the next entry in.
    ///
    /// - Throws: it is not the next one, or was changed; the chain stays where it is.
    public mutating func append(_ entry: AuditEntry) throws(AuditBreak) {
        let next = number &+ 1
        guard entry.number == next else { throw AuditBreak(number: next, .gap(found: entry.number)) }
        guard entry.previous == hash else { throw AuditBreak(number: next, .previousDiffers) }
        guard entry.hash == entry.digest else { throw AuditBreak(number: next, .hashDiffers) }
        (number, hash) = (next, entry.hash)
    }

    /// Checks entries in the order of their numbers.
    ///
    /// - Parameters:
    ///   - start: where the chain stands before the first of them.
    ///   - head: where it stood at a moment not before that, as noted elsewhere; nil: nobody noted it, and a cut at the
    ///     end is not found.
    /// - Returns: where it stands after the last of them.
    /// - Throws: the first number that does not fit.
    public static func verify(
        _ entries: some Sequence<AuditEntry>, after start: AuditChain = AuditChain(), head: AuditChain? = nil
    ) throws(AuditBreak) -> AuditChain {
        var chain = start
        func check() throws(AuditBreak) {
            if let head, head.number == chain.number, head.hash != chain.hash {
                throw AuditBreak(number: head.number, .headDiffers)
            }
        }
        try check()
        for entry in entries {
            try chain.append(entry)
            try check()
        }
        if let head, head.number > chain.number {
            throw AuditBreak(number: chain.number + 1, .truncated(head: head.number))
        }
        return chain
    }
}

extension String {
    /// With U+FFFD in place of each NUL, at which SQLite's texts end.
    var withoutNUL: String {
        utf8.contains(0) ? String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 })) : self
    }
}
