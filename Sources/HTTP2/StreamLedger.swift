/// What a client did with its latest stream numbers, for the frames that come on them later: nghttp2 forgets streams
/// that ended, and would let such frames pass (RFC 9113 §5.1, §5.1.1).
///
///     unused ─HEADERS→ open ─END_STREAM or RST_STREAM→ ended
///        └── passed over by a higher number: never to be used
///
/// It sees frames in the order of the wire, before nghttp2 does. What we reset stays open here: frames that were on
/// their way then are nghttp2's to ignore. Pure, 72 octets, no allocation.
struct StreamLedger: BitwiseCopyable {
    /// Numbers remembered, counted back from the highest. A stream older than that is either still open, and then
    /// nghttp2 knows it, or long forgotten: its frames are ignored.
    static let span: UInt32 = 256
    private static let (unused, open, ended): (UInt64, UInt64, UInt64) = (0, 1, 2)

    /// Two bits a stream, 32 streams a word, in a ring.
    private var words = InlineArray<8, UInt64>(repeating: 0)
    /// How many of the client's numbers are used up; 0: none. Stream 1 is place 0.
    private var usedCount: UInt32 = 0

    /// Notes a frame.
    /// - Returns: the connection error it deserves; nil: nghttp2 may see it.
    mutating func judge(_ head: FrameHead) -> ErrorCode? {
        // The connection's own frames and numbers that are not a client's: nghttp2 knows what is wrong with them.
        guard head.stream & 1 == 1 else {
            // All but this: it ignores what PRIORITY says, and even where (RFC 9113 §6.3).
            return head.stream == 0 && head.type == FrameHead.priority ? .protocolError : nil
        }
        switch head.type {
        case FrameHead.data, FrameHead.headers, FrameHead.reset, FrameHead.windowUpdate: break
        default: return nil
        }
        let place = head.stream >> 1
        guard place < usedCount else { return first(head, place) }
        guard usedCount - place <= StreamLedger.span else { return nil }
        switch state(place) {
        case StreamLedger.open:
            if head.endsStream || head.type == FrameHead.reset { set(place, StreamLedger.ended) }
            return nil
        case StreamLedger.unused: return .protocolError
        // Windows and resets may cross with the end of a stream, fields and bodies cannot.
        default: return head.type <= FrameHead.headers ? .streamClosed : nil
        }
    }

    /// A number above all others: a new stream, or a frame on an idle one, which nghttp2 refuses.
    private mutating func first(_ head: FrameHead, _ place: UInt32) -> ErrorCode? {
        guard head.type == FrameHead.headers else { return nil }
        if place - usedCount >= StreamLedger.span {
            words = InlineArray(repeating: 0)
        } else {
            for skipped in usedCount..<place { set(skipped, StreamLedger.unused) }
        }
        usedCount = place + 1
        set(place, head.endsStream ? StreamLedger.ended : StreamLedger.open)
        return nil
    }

    private func state(_ place: UInt32) -> UInt64 {
        words[Int(place >> 5 & 7)] >> (UInt64(place & 31) * 2) & 3
    }

    private mutating func set(_ place: UInt32, _ state: UInt64) {
        let (word, shift) = (Int(place >> 5 & 7), UInt64(place & 31) * 2)
        words[word] = words[word] & ~(3 << shift) | state << shift
    }
}
