import Synchronization

/// A bounded queue of byte records from one worker to one reader, without a lock: the worker never waits, a full ring
/// drops and counts.
///
///     ┌────────┬─────────┬────────┬─────────┬──── free ────┐
///     │ length │ record  │ length │ record  │              │     lengths are 8 bytes, records padded to 8
///     └────────┴─────────┴────────┴─────────┴──────────────┘
///     ▲ tail (reader)                        ▲ head (worker)
public final class RecordRing: @unchecked Sendable {
    /// A length that says: the rest up to the end of the ring is unused.
    private static let wrap = UInt64.max
    private let base: UnsafeMutableRawPointer
    public let capacity: Int
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)
    private let droppedCount = Atomic<Int>(0)
    private let isEnded = Atomic(false)
    // The worker's own copy of `tail`, so that it reads the shared one only when the ring looks full.
    private var knownTail = 0

    /// - Parameter capacity: bytes, a power of two of at least 4,096.
    public init(capacity: Int) {
        precondition(capacity >= 4_096 && capacity & (capacity - 1) == 0, "a ring is a power of two of at least 4,096")
        self.capacity = capacity
        base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
    }

    deinit { base.deallocate() }

    /// Records that found no room since the start.
    public var dropped: Int { droppedCount.load(ordering: .relaxed) }

    /// Worker only: there will be no further record.
    public func end() { isEnded.store(true, ordering: .releasing) }

    /// The worker has ended: once drained after this was true, the ring stays empty.
    public var hasEnded: Bool { isEnded.load(ordering: .acquiring) }

    /// Worker only. Calls `fill` with room for `byteCount` bytes and publishes them; false when there is no room.
    @discardableResult
    public func write(byteCount: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) -> Bool {
        let needed = 8 + (byteCount + 7) & ~7
        var position = head.load(ordering: .relaxed)
        let toEnd = capacity - position & (capacity - 1)
        let skipped = toEnd < needed ? toEnd : 0
        guard needed <= capacity / 2, hasRoom(skipped + needed, at: position) else {
            droppedCount.wrappingAdd(1, ordering: .relaxed)
            return false
        }
        if skipped > 0 {
            base.storeBytes(of: RecordRing.wrap, toByteOffset: position & (capacity - 1), as: UInt64.self)
            position += skipped
        }
        let offset = position & (capacity - 1)
        base.storeBytes(of: UInt64(byteCount), toByteOffset: offset, as: UInt64.self)
        fill(UnsafeMutableRawBufferPointer(start: base + offset + 8, count: byteCount))
        head.store(position + needed, ordering: .releasing)
        return true
    }

    private func hasRoom(_ byteCount: Int, at position: Int) -> Bool {
        if position + byteCount - knownTail <= capacity { return true }
        knownTail = tail.load(ordering: .acquiring)
        return position + byteCount - knownTail <= capacity
    }

    /// Reader only. Hands each waiting record to `body`, at most `limit`, and frees its room; says how many there were.
    @discardableResult
    public func drain(limit: Int = .max, _ body: (UnsafeRawBufferPointer) -> Void) -> Int {
        var position = tail.load(ordering: .relaxed)
        let end = head.load(ordering: .acquiring)
        var count = 0
        while position < end, count < limit {
            let offset = position & (capacity - 1)
            let length = base.load(fromByteOffset: offset, as: UInt64.self)
            if length == RecordRing.wrap {
                position += capacity - offset
                continue
            }
            body(UnsafeRawBufferPointer(start: base + offset + 8, count: Int(length)))
            position += 8 + (Int(length) + 7) & ~7
            count += 1
        }
        tail.store(position, ordering: .releasing)
        return count
    }
}
