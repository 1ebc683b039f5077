import Model
import Testing

struct WorkerCountersTests {
    @Test("a sum adds every number to its own")
    func adds() {
        var (one, two) = (WorkerCounters(), WorkerCounters())
        (one.requests, one.responses.4, one.ownerRedirects) = (1, 2, .max)
        (two.requests, two.connectionsAccepted, two.ownerRedirects) = (10, 20, 3)
        one.add(two)
        #expect(one.requests == 11 && one.responses.4 == 2 && one.connectionsAccepted == 20)
        #expect(one.ownerRedirects == 2, "it wraps, as the counters do")
        #expect(one.ticks == 0)
    }

    /// The sum is taken over words.
    @Test func consistsOfWords() {
        let words = Mirror(reflecting: WorkerCounters()).children.reduce(0) { count, child in
            count + (child.value is UInt64 ? 1 : Mirror(reflecting: child.value).children.count)
        }
        #expect(MemoryLayout<WorkerCounters>.size == words * 8)
    }
}
