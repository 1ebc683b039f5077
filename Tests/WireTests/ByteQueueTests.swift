import Model
import Support
import Testing

@testable import Wire

struct ByteQueueTests {
    private func bytes(_ count: Int, from start: UInt8 = 0) -> [UInt8] { (0..<count).map { start &+ UInt8($0 & 0xFF) } }

    private func append(_ bytes: [UInt8], to queue: inout ByteQueue, _ pool: BlockPool) {
        bytes.withUnsafeBytes { queue.append($0, from: pool) }
    }

    private func remove(_ count: Int, from queue: inout ByteQueue, _ pool: BlockPool) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { room, written in
            written = queue.remove(into: UnsafeMutableRawBufferPointer(room), to: pool)
        }
    }

    private func copy(_ count: Int, of queue: ByteQueue, from offset: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { room, written in
            queue.copy(
                from: offset, into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: room[..<count])))
            written = count
        }
    }

    @Test(
        "gives back what it got, whatever the sizes",
        arguments: [0, 1, BlockPool.smallCapacity, BlockPool.smallCapacity + 1, BlockPool.largeCapacity, 100_000])
    func carries(count: Int) {
        let pool = BlockPool()
        var queue = ByteQueue()
        append(bytes(count), to: &queue, pool)
        #expect(queue.count == count && queue.isEmpty == (count == 0))
        #expect(remove(count + 1, from: &queue, pool) == bytes(count))
        #expect(queue.isEmpty && queue.first.isEmpty && pool.lentBytes == 0)
    }

    @Test("fills a block before it takes another")
    func fillsBlocks() {
        let pool = BlockPool()
        var queue = ByteQueue()
        for _ in 0..<BlockPool.smallCapacity { append([7], to: &queue, pool) }
        #expect(pool.lentBytes == BlockPool.smallCapacity)
        append([7], to: &queue, pool)
        #expect(pool.lentBytes == 2 * BlockPool.smallCapacity)
        queue.clear(to: pool)
        #expect(pool.lentBytes == 0)
    }

    /// Every operation against an array that does the same. Replay: PORTOLAN_SEED=<seed>.
    @Test func behavesLikeAnArray() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let pool = BlockPool()
        for round in 0..<25 {
            var (queue, model) = (ByteQueue(), [UInt8]())
            for step in 0..<60 {
                let isRight = self.step(&queue, &model, pool, &random)
                try #require(isRight, "seed \(random.seed), round \(round), step \(step)")
            }
            queue.clear(to: pool)
            try #require(pool.lentBytes == 0, "seed \(random.seed), round \(round): blocks were lost")
        }
    }

    private func step(
        _ queue: inout ByteQueue, _ model: inout [UInt8], _ pool: BlockPool, _ random: inout SplitMix64
    ) -> Bool {
        let size = Int(random.next(below: random.next(below: 4) == 0 ? 40_000 : 600))
        switch random.next(below: 6) {
        case 0, 1, 2:
            let more = bytes(size, from: UInt8(truncatingIfNeeded: random.next()))
            append(more, to: &queue, pool)
            model += more
        case 3:
            let part = Array(model.prefix(size))
            guard remove(size, from: &queue, pool) == part else { return false }
            model.removeFirst(part.count)
        case 4:
            let count = min(size, model.count)
            queue.removeFirst(count, to: pool)
            model.removeFirst(count)
        default:
            let start = model.isEmpty ? 0 : Int(random.next(below: UInt32(model.count)))
            let count = min(size, model.count - start)
            guard copy(count, of: queue, from: start) == Array(model[start..<start + count]) else { return false }
        }
        return queue.count == model.count && queue.isEmpty == model.isEmpty && model.starts(with: queue.first)
            && (model.isEmpty || !queue.first.isEmpty)
    }
}
