/// What one connection may still do in this turn of the loop (limits.md, A12).
public struct TurnBudget: Equatable, Sendable {
    public var frames: Int
    public var requests: Int
    public init(frames: Int, requests: Int) { (self.frames, self.requests) = (frames, requests) }
    public var isSpent: Bool { frames <= 0 || requests <= 0 }
}

/// Reads frame heads (RFC 9113 §4.1) as bytes go by, torn anywhere, to count frames and new requests.
///
///     preface (24 octets) → head (9 octets) → payload → head → …
public struct FrameScanner: Equatable, Sendable {
    static let prefaceCount = 24
    static let headCount = 9
    /// Octets left of the preface or of the payload that is going by.
    private var skipping: Int
    /// Octets of the present head already seen, and the first four of them.
    private var headSeen = 0
    private var headStart: UInt32 = 0

    public init(expectsPreface: Bool) { skipping = expectsPreface ? FrameScanner.prefaceCount : 0 }

    /// How many of `bytes` may be fed: all, or up to the first frame that the turn has no room for. A frame once begun
    /// is let through whole.
    public mutating func advance(over bytes: UnsafeRawBufferPointer, turn: inout TurnBudget) -> Int {
        var position = 0
        while position < bytes.count {
            if skipping > 0 {
                let part = min(skipping, bytes.count - position)
                skipping -= part
                position += part
                continue
            }
            if headSeen == 0 {
                if turn.isSpent { return position }
                if bytes.count - position >= FrameScanner.headCount {
                    headStart = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
                    position += FrameScanner.headCount
                    headEnded(&turn)
                    continue
                }
            }
            if headSeen < 4 { headStart = headStart << 8 | UInt32(bytes[position]) }
            headSeen += 1
            position += 1
            if headSeen == FrameScanner.headCount { headEnded(&turn) }
        }
        return position
    }

    private mutating func headEnded(_ turn: inout TurnBudget) {
        turn.frames -= 1
        if headStart & 0xFF == 1 { turn.requests -= 1 }  // HEADERS: a request, or trailers, which are as dear
        skipping = Int(headStart >> 8)
        headSeen = 0
        headStart = 0
    }
}
