import Testing

@testable import Wire

struct BlockPoolTests {
    @Test(
        "small messages take small blocks",
        arguments: [
            (1, BlockPool.smallCapacity), (BlockPool.smallCapacity, BlockPool.smallCapacity),
            (BlockPool.smallCapacity + 1, BlockPool.largeCapacity), (1 << 20, BlockPool.largeCapacity),
        ])
    func choosesASize(wanted: Int, capacity: Int) {
        let pool = BlockPool()
        let block = pool.take(for: wanted)
        #expect(block.pointee.capacity == capacity)
        #expect(pool.lentBytes == capacity)
        pool.give(back: block)
        #expect(pool.lentBytes == 0)
    }

    @Test("a small block and its head fill a kibibyte")
    func smallBlocksAreAKibibyte() {
        #expect(BlockPool.smallCapacity + MemoryLayout<BlockPool.Block>.stride == 1_024)
    }

    @Test("gives a block out again, empty", arguments: [10, 10_000])
    func reuses(byteCount: Int) {
        let pool = BlockPool()
        let first = pool.take(for: byteCount)
        (first.pointee.start, first.pointee.end, first.pointee.next) = (3, 9, first)
        pool.give(back: first)
        let second = pool.take(for: byteCount)
        #expect(second == first)
        #expect((second.pointee.start, second.pointee.end) == (0, 0))
        #expect(second.pointee.next == nil)
        pool.give(back: second)
    }

    @Test("keeps a bounded number of them", arguments: [10, 10_000])
    func forgetsAPeak(byteCount: Int) {
        let pool = BlockPool()
        let kept = byteCount <= BlockPool.smallCapacity ? BlockPool.keptSmallCount : BlockPool.keptLargeCount
        let blocks = (0..<(kept + 5)).map { _ in pool.take(for: byteCount) }
        for block in blocks { pool.give(back: block) }
        #expect(pool.freeSmallCount + pool.freeLargeCount == kept)
        #expect(pool.lentBytes == 0)
    }
}
