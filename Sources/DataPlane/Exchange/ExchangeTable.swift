import HTTP2
import Model

typealias ExchangeRef = UnsafeMutablePointer<Exchange>

/// A worker's exchanges in a slab that grows and never moves. A tag is a slot's number and how often it was used, so a
/// late callback finds nothing rather than a stranger. The stream of a hedged request's second attempt has the tag with
/// a mark.
struct ExchangeTable: ~Copyable {
    private static let chunkCount = 256
    private static let rivalMark: StreamTag = 1 << 31
    private struct Slot {
        var exchange: ExchangeRef
        var use: UInt32
        var isLive: Bool
    }
    private var slots: [Slot] = []
    private var free: [UInt32] = []

    init() {}

    deinit {
        for index in stride(from: 0, to: slots.count, by: ExchangeTable.chunkCount) {
            slots[index].exchange.deallocate()
        }
    }

    var liveCount: Int { slots.count - free.count }

    /// Room for a new exchange and its tag; the caller initializes it at once.
    mutating func take() -> (exchange: ExchangeRef, tag: StreamTag) {
        if free.isEmpty { grow() }
        let index = free.removeLast()
        slots[Int(index)].isLive = true
        slots[Int(index)].use &+= 1
        let tag = StreamTag(slots[Int(index)].use) << 32 | StreamTag(index) + 1
        return (slots[Int(index)].exchange, tag)
    }

    /// The exchange of a tag, or nil when it has ended.
    func find(_ tag: StreamTag) -> ExchangeRef? {
        let index = Int(tag & 0x7FFF_FFFF) - 1
        guard index >= 0, index < slots.count else { return nil }
        return slots.withUnsafeBufferPointer { slots in
            slots[index].isLive && slots[index].use == UInt32(tag >> 32) ? slots[index].exchange : nil
        }
    }

    /// The tag of the exchange's second attempt.
    static func rivalTag(_ tag: StreamTag) -> StreamTag { tag | rivalMark }

    static func isRival(_ tag: StreamTag) -> Bool { tag & rivalMark != 0 }

    /// What a timer of the exchange is set with.
    func timerToken(of exchange: ExchangeRef, _ kind: Token.Kind) -> Token {
        let tag = exchange.pointee.tag
        return Token(kind, index: Int(tag & 0x7FFF_FFFF) - 1, generation: UInt32(tag >> 32) & 0xFF_FFFF)
    }

    /// The exchange whose timer it is, or nil when it has ended.
    func find(_ token: Token) -> ExchangeRef? {
        guard token.index < slots.count, slots[token.index].isLive,
            slots[token.index].use & 0xFF_FFFF == token.generation
        else { return nil }
        return slots[token.index].exchange
    }

    mutating func give(back exchange: ExchangeRef) {
        let index = Int(exchange.pointee.tag & 0xFFFF_FFFF) - 1
        exchange.deinitialize(count: 1)
        slots[index].isLive = false
        free.append(UInt32(index))
    }

    /// Live exchanges now, as tags: the caller may end any of them meanwhile.
    func liveTags(where matches: (ExchangeRef) -> Bool) -> [StreamTag] {
        var tags: [StreamTag] = []
        for slot in slots where slot.isLive && matches(slot.exchange) { tags.append(slot.exchange.pointee.tag) }
        return tags
    }

    /// Looks at every live exchange; none may end meanwhile.
    func visit(_ look: (ExchangeRef) -> Void) {
        for slot in slots where slot.isLive { look(slot.exchange) }
    }

    private mutating func grow() {
        let chunk = ExchangeRef.allocate(capacity: ExchangeTable.chunkCount)
        let start = slots.count
        for offset in 0..<ExchangeTable.chunkCount {
            slots.append(Slot(exchange: chunk + offset, use: 0, isLive: false))
        }
        for index in (start..<slots.count).reversed() { free.append(UInt32(index)) }
    }
}
