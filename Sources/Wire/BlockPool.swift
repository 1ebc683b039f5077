/// A worker's free lists of byte blocks in two sizes. Confined to one thread.
///
/// Small messages take 1 KiB blocks so that a held octet never costs more than a kibibyte; bodies take 16 KiB, the
/// size of a TLS record and of a DATA frame.
public final class BlockPool {
    @usableFromInline static let smallCapacity = 1_024 - MemoryLayout<Block>.stride
    @usableFromInline static let largeCapacity = 16_384
    /// Blocks kept for reuse, 4 and 8 MiB of them: past it they go back to malloc, so that a peak does not last.
    @usableFromInline static let keptSmallCount = 4_096
    @usableFromInline static let keptLargeCount = 512

    /// A block's head; its bytes follow it in memory.
    @usableFromInline struct Block {
        @usableFromInline var next: UnsafeMutablePointer<Block>?
        /// Held bytes are `start..<end`.
        @usableFromInline var start: Int
        @usableFromInline var end: Int
        @usableFromInline var capacity: Int
        @inlinable init(capacity: Int) {
            (next, start, end) = (nil, 0, 0)
            self.capacity = capacity
        }
    }

    @usableFromInline var freeSmall: UnsafeMutablePointer<Block>?
    @usableFromInline var freeLarge: UnsafeMutablePointer<Block>?
    @usableFromInline var freeSmallCount = 0
    @usableFromInline var freeLargeCount = 0
    /// Bytes of the blocks now lent out: what the queues really cost.
    public internal(set) var lentBytes = 0

    public init() {}

    deinit {
        BlockPool.release(list: freeSmall)
        BlockPool.release(list: freeLarge)
    }

    private static func release(list: UnsafeMutablePointer<Block>?) {
        var block = list
        while let current = block {
            block = current.pointee.next
            UnsafeMutableRawPointer(current).deallocate()
        }
    }

    func take(for byteCount: Int) -> UnsafeMutablePointer<Block> {
        let isSmall = byteCount <= BlockPool.smallCapacity
        let capacity = isSmall ? BlockPool.smallCapacity : BlockPool.largeCapacity
        lentBytes += capacity
        if isSmall, let block = freeSmall {
            (freeSmall, freeSmallCount) = (block.pointee.next, freeSmallCount - 1)
            block.initialize(to: Block(capacity: capacity))
            return block
        }
        if !isSmall, let block = freeLarge {
            (freeLarge, freeLargeCount) = (block.pointee.next, freeLargeCount - 1)
            block.initialize(to: Block(capacity: capacity))
            return block
        }
        let block = UnsafeMutableRawPointer.allocate(byteCount: MemoryLayout<Block>.stride + capacity, alignment: 16)
            .bindMemory(to: Block.self, capacity: 1)
        block.initialize(to: Block(capacity: capacity))
        return block
    }

    func give(back block: UnsafeMutablePointer<Block>) {
        let isSmall = block.pointee.capacity == BlockPool.smallCapacity
        lentBytes -= block.pointee.capacity
        if isSmall, freeSmallCount < BlockPool.keptSmallCount {
            block.pointee.next = freeSmall
            (freeSmall, freeSmallCount) = (block, freeSmallCount + 1)
        } else if !isSmall, freeLargeCount < BlockPool.keptLargeCount {
            block.pointee.next = freeLarge
            (freeLarge, freeLargeCount) = (block, freeLargeCount + 1)
        } else {
            UnsafeMutableRawPointer(block).deallocate()
        }
    }
}
