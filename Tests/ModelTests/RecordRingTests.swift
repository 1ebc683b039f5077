import Model
import Support
import Testing

struct RecordRingTests {
    /// Writes a record of `count` bytes that all say `mark`.
    private func write(_ ring: RecordRing, _ mark: UInt8, count: Int) -> Bool {
        ring.write(byteCount: count) { bytes in for index in bytes.indices { bytes[index] = mark } }
    }

    @Test func carriesRecordsInOrder() {
        let ring = RecordRing(capacity: 4_096)
        for (mark, count) in [0, 1, 7, 8, 9, 100].enumerated() { #expect(write(ring, UInt8(mark), count: count)) }
        var seen: [[UInt8]] = []
        #expect(ring.drain(limit: 2) { seen.append(Array($0)) } == 2)
        #expect(ring.drain { seen.append(Array($0)) } == 4)
        #expect(ring.drain { _ in } == 0)
        #expect(seen == [0, 1, 7, 8, 9, 100].enumerated().map { Array(repeating: UInt8($0), count: $1) })
        #expect(ring.dropped == 0)
    }

    @Test func dropsAndCountsWhatFindsNoRoom() {
        let ring = RecordRing(capacity: 4_096)
        let written = (0..<50).filter { _ in write(ring, 1, count: 120) }
        #expect(written.count == 32)  // of 128 bytes with their length
        #expect(ring.dropped == 18)
        #expect(ring.drain(limit: 1) { _ in } == 1)
        #expect(write(ring, 2, count: 120))
        #expect(!write(ring, 3, count: 0))
        #expect(ring.drain { _ in } == 32)
    }

    @Test("refuses a record of more than half", arguments: [(2_040, true), (2_041, false), (4_096, false)])
    func refusesTheLargest(count: Int, isTaken: Bool) {
        let ring = RecordRing(capacity: 4_096)
        #expect(write(ring, 1, count: count) == isTaken)
        #expect(ring.dropped == (isTaken ? 0 : 1))
        #expect(ring.drain { _ in } == (isTaken ? 1 : 0))
    }

    @Test func carriesARequestRecord() {
        let ring = RecordRing(capacity: 4_096)
        var record = RequestRecord()
        (record.status, record.bytesOut, record.requestIDCount) = (200, 1 << 40, 5)
        let size = MemoryLayout<RequestRecord>.size
        ring.write(byteCount: size + 5) { bytes in
            bytes.storeBytes(of: record, as: RequestRecord.self)
            UnsafeMutableRawBufferPointer(rebasing: bytes[size...]).copyBytes(from: "12345".utf8)
        }
        ring.drain { bytes in
            let head = bytes.load(as: RequestRecord.self)
            #expect(head.status == 200)
            #expect(head.bytesOut == 1 << 40)
            #expect(ByteView(UnsafeRawBufferPointer(rebasing: bytes[size...])).text == "12345")
        }
    }

    /// Random sizes and turns, many times around. Replay: PORTOLAN_SEED=<seed>.
    @Test func losesNothingItTook() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<40 {
            let ring = RecordRing(capacity: 4_096)
            let replay: Comment = "seed \(random.seed), round \(round)"
            var waiting: [[UInt8]] = []
            var dropped = 0
            for _ in 0..<500 {
                if random.next(below: 3) < 2 {
                    let size = random.next(below: 8) == 0 ? 2_041 : 300
                    let record = (0..<Int(random.next(below: UInt32(size)))).map { _ in
                        UInt8(truncatingIfNeeded: random.next())
                    }
                    let isTaken = ring.write(byteCount: record.count) { $0.copyBytes(from: record) }
                    if isTaken { waiting.append(record) } else { dropped += 1 }
                    try #require(isTaken || !waiting.isEmpty, replay)  // an empty ring takes anything
                } else {
                    var seen: [[UInt8]] = []
                    let count = ring.drain(limit: Int(random.next(below: 20))) { seen.append(Array($0)) }
                    try #require(seen == Array(waiting.prefix(count)), replay)
                    waiting.removeFirst(count)
                }
                try #require(ring.dropped == dropped, replay)
            }
        }
    }

    /// A worker and a reader at once: every record that was taken arrives whole and in order.
    @Test func carriesRecordsBetweenThreads() async {
        let ring = RecordRing(capacity: 4_096)
        let total: UInt64 = 20_000
        async let taken = Self.fill(ring, total: total)
        var (received, last, broken): (UInt64, UInt64, Int) = (0, 0, 0)
        while last < total {
            ring.drain { bytes in
                received += 1
                let number = bytes.load(as: UInt64.self)
                let isWhole =
                    bytes.count == Self.size(number) && bytes.dropFirst(8).allSatisfy { $0 == UInt8(number & 0xFF) }
                if !isWhole || number <= last { broken += 1 }
                last = number
            }
            await Task.yield()
        }
        #expect(await taken == received)
        #expect(received + UInt64(ring.dropped) >= total)
        #expect(broken == 0)
    }

    private static func size(_ number: UInt64) -> Int { 8 + Int(number % 200) }

    /// Writes numbers 1...total, dropping some, but insists on the last; returns how many were taken.
    private static func fill(_ ring: RecordRing, total: UInt64) async -> UInt64 {
        var taken: UInt64 = 0
        for number in 1...total {
            while true {
                let isTaken = ring.write(byteCount: size(number)) { bytes in
                    for index in bytes.indices { bytes[index] = UInt8(number & 0xFF) }
                    bytes.storeBytes(of: number, as: UInt64.self)
                }
                if isTaken { taken += 1 }
                if isTaken || number < total { break }
                await Task.yield()
            }
            if number % 64 == 0 { await Task.yield() }
        }
        return taken
    }

    @Test("what was written before the end is still there after it")
    func ends() {
        let ring = RecordRing(capacity: 4_096)
        ring.write(byteCount: 8) { $0.storeBytes(of: UInt64(7), as: UInt64.self) }
        #expect(!ring.hasEnded)
        ring.end()
        #expect(ring.hasEnded)
        var seen: [UInt64] = []
        ring.drain { seen.append($0.load(as: UInt64.self)) }
        #expect(seen == [7])
    }
}
