/// First in, first out bytes in pooled blocks. A plain value that owns its blocks by convention: whoever holds it calls
/// `clear` before dropping it, and copies of it are moves.
public struct ByteQueue: BitwiseCopyable {
    var head: UnsafeMutablePointer<BlockPool.Block>?
    var tail: UnsafeMutablePointer<BlockPool.Block>?
    /// Bytes held.
    public private(set) var count = 0

    public init() {}

    public var isEmpty: Bool { count == 0 }

    /// Copies `bytes` to the end.
    public mutating func append(_ bytes: UnsafeRawBufferPointer, from pool: BlockPool) {
        guard var source = bytes.baseAddress, bytes.count > 0 else { return }
        var left = bytes.count
        count += left
        while left > 0 {
            let block = room(for: left, from: pool)
            let part = min(left, block.pointee.capacity - block.pointee.end)
            ByteQueue.bytes(of: block).advanced(by: block.pointee.end).copyMemory(from: source, byteCount: part)
            block.pointee.end += part
            source += part
            left -= part
        }
    }

    private mutating func room(
        for byteCount: Int, from pool: BlockPool
    ) -> UnsafeMutablePointer<BlockPool.Block> {
        if let tail, tail.pointee.end < tail.pointee.capacity { return tail }
        let block = pool.take(for: byteCount)
        if let tail { tail.pointee.next = block } else { head = block }
        tail = block
        return block
    }

    /// Moves the first `target.count` bytes, or all there are, into `target`; says how many.
    @discardableResult
    public mutating func remove(into target: UnsafeMutableRawBufferPointer, to pool: BlockPool) -> Int {
        var written = 0
        while written < target.count, let block = head {
            let part = min(target.count - written, block.pointee.end - block.pointee.start)
            (target.baseAddress.unsafelyUnwrapped + written)
                .copyMemory(from: ByteQueue.bytes(of: block) + block.pointee.start, byteCount: part)
            written += part
            drop(part, to: pool)
        }
        return written
    }

    /// Copies `target.count` bytes from `offset` on, which stay in the queue; the caller knows they are there.
    public func copy(from offset: Int, into target: UnsafeMutableRawBufferPointer) {
        precondition(offset + target.count <= count, "more bytes wanted than held")
        var (skipped, written, next) = (offset, 0, head)
        while written < target.count, let block = next {
            let held = block.pointee.end - block.pointee.start
            next = block.pointee.next
            if skipped >= held {
                skipped -= held
                continue
            }
            let part = min(held - skipped, target.count - written)
            (target.baseAddress.unsafelyUnwrapped + written)
                .copyMemory(from: ByteQueue.bytes(of: block) + block.pointee.start + skipped, byteCount: part)
            written += part
            skipped = 0
        }
    }

    /// The first contiguous run, for a write straight from the queue; empty when nothing is held.
    public var first: UnsafeRawBufferPointer {
        guard let head else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(
            start: ByteQueue.bytes(of: head) + head.pointee.start, count: head.pointee.end - head.pointee.start)
    }

    /// Forgets the first `byteCount` bytes.
    public mutating func removeFirst(_ byteCount: Int, to pool: BlockPool) {
        precondition(byteCount <= count, "more bytes dropped than held")
        var left = byteCount
        while left > 0, let block = head {
            let part = min(left, block.pointee.end - block.pointee.start)
            left -= part
            drop(part, to: pool)
        }
    }

    /// Gives every block back.
    public mutating func clear(to pool: BlockPool) { removeFirst(count, to: pool) }

    private mutating func drop(_ byteCount: Int, to pool: BlockPool) {
        guard let block = head else { return }
        block.pointee.start += byteCount
        count -= byteCount
        guard block.pointee.start == block.pointee.end else { return }
        head = block.pointee.next
        if head == nil { tail = nil }
        pool.give(back: block)
    }

    private static func bytes(of block: UnsafeMutablePointer<BlockPool.Block>) -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(block) + MemoryLayout<BlockPool.Block>.stride
    }
}
