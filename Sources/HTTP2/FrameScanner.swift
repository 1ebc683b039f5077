/// What one connection may still do in this turn of the loop (limits.md, A12).
public struct TurnBudget: Equatable, Sendable {
    public var frames: Int
    public var requests: Int
    public init(frames: Int, requests: Int) { (self.frames, self.requests) = (frames, requests) }
    public var isSpent: Bool { frames <= 0 || requests <= 0 }
}

/// Reads a client's frame heads (RFC 9113 §4.1) as bytes go by, torn anywhere: counts frames and new requests, and
/// stops at a frame on a stream that cannot have it.
///
///     preface (24 octets) → head (9 octets) → payload → head → …
public struct FrameScanner: Sendable {
    static let prefaceCount = 24
    /// CONTINUATION frames and octets of one list of fields (limits.md, A4): half more than a list may have when
    /// decoded, so that one a little too large is still answered with 431.
    static let maxContinuations = 8
    static let maxFieldOctets = 98_304
    /// Octets left of the preface or of the payload that is going by.
    private var skipping: Int
    /// Octets of a torn head already seen, and their value.
    private var headSeen = 0
    private var headStart: UInt64 = 0
    private var ledger = StreamLedger()
    /// A field block is not complete: what comes now, or what is missing, is nghttp2's to judge.
    private(set) var isHeadOpen = false
    /// The payload going by is one of fields; and how many lists of them have begun.
    private var carriesFields = false
    private var fieldBlocks = 0
    private var continuations = 0
    private var fieldOctets = 0
    /// A PRIORITY frame's stream while its parent, the first four octets of its payload, goes by; 0: none.
    private var child: UInt32 = 0
    private var parent: UInt32 = 0
    private var parentSeen = 0
    /// The connection error of the frame that the last scan stopped at; nothing is to be fed any more.
    private(set) var violation: ErrorCode?
    /// Frames of unknown types, and empty DATA that ends nothing, since `takeOddities`.
    private var oddities = 0

    public init(expectsPreface: Bool) { skipping = expectsPreface ? FrameScanner.prefaceCount : 0 }

    /// How many of `bytes` may be fed: all, or up to the first frame that the turn has no room for, or up to one that
    /// must not be fed at all (`violation`). A frame once begun is let through whole.
    public mutating func advance(over bytes: UnsafeRawBufferPointer, turn: inout TurnBudget) -> Int {
        var position = 0
        while position < bytes.count {
            if skipping > 0 {
                let part = min(skipping, bytes.count - position)
                if child != 0, isItsOwnParent(UnsafeRawBufferPointer(rebasing: bytes[position..<position + part])) {
                    violation = .protocolError
                    return position
                }
                skipping -= part
                position += part
                continue
            }
            let start = position
            if headSeen == 0 {
                if turn.isSpent { return position }
                if bytes.count - position >= FrameHead.byteCount {
                    headStart = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                    headSeen = FrameHead.byteCount - 1
                    position += FrameHead.byteCount - 1
                }
            }
            guard headSeen == FrameHead.byteCount - 1 else {
                headStart = headStart << 8 | UInt64(bytes[position])
                headSeen += 1
                position += 1
                continue
            }
            let last = bytes[position]
            position += 1
            if !headEnded(FrameHead(start: headStart, last: last), &turn) { return start }
        }
        return position
    }

    /// False: the frame is a violation.
    private mutating func headEnded(_ head: FrameHead, _ turn: inout TurnBudget) -> Bool {
        violation = isHeadOpen ? judgeContinuation(head) : ledger.judge(head)
        guard violation == nil else { return false }
        turn.frames -= 1
        carriesFields = head.type == FrameHead.headers || head.type == FrameHead.continuation
        if head.type == FrameHead.headers { fieldBlocks += 1 }
        if head.type == FrameHead.headers { turn.requests -= 1 }  // a request, or trailers, which are as dear
        if head.leavesFieldsOpen != isHeadOpen {
            isHeadOpen = head.leavesFieldsOpen
            (continuations, fieldOctets) = (0, head.length)
        }
        if head.type == FrameHead.priority, head.length == 5 { (child, parent, parentSeen) = (head.stream, 0, 0) }
        if isOdd(head) { oddities += 1 }
        skipping = head.length
        headSeen = 0
        headStart = 0
        return true
    }

    /// The list of fields that has begun and not ended, by number; nil: none.
    var openBlock: Int? { isHeadOpen || carriesFields && skipping > 0 ? fieldBlocks : nil }

    private mutating func judgeContinuation(_ head: FrameHead) -> ErrorCode? {
        continuations += 1
        fieldOctets += head.length
        let isTooLong = continuations > FrameScanner.maxContinuations || fieldOctets > FrameScanner.maxFieldOctets
        return isTooLong ? .enhanceYourCalm : nil
    }

    /// The parent's last octet shows a stream on top of itself. nghttp2 does not look, and nobody uses these priorities
    /// any more, but it never was a tree (RFC 7540 §5.3.1).
    private mutating func isItsOwnParent(_ payload: UnsafeRawBufferPointer) -> Bool {
        for octet in payload {
            parent = parent << 8 | UInt32(octet)
            parentSeen += 1
            guard parentSeen == 4 else { continue }
            defer { child = 0 }
            return parent & 0x7FFF_FFFF == child
        }
        return false
    }

    private func isOdd(_ head: FrameHead) -> Bool {
        if head.type == FrameHead.data { return head.length == 0 && !head.endsStream }
        return head.type > FrameHead.continuation && head.type != FrameHead.priorityUpdate
    }

    /// How many odd frames went by since the last call (limits.md, A7).
    mutating func takeOddities() -> Int {
        defer { oddities = 0 }
        return oddities
    }
}
