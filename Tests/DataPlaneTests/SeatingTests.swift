import Model
import Support
import Testing

@testable import DataPlane

struct SeatingTests {
    /// Owners of the sockets before, the workers from now on, owners after, and who wants a new socket.
    static let rows: [([Int], [Int], [Int], [Int])] = [
        ([], [0, 1], [], [0, 1]),
        ([0, 1], [0, 1], [0, 1], []),
        ([0, 1], [0, 1, 2, 3], [0, 1], [2, 3]),
        ([0, 1, 2, 3], [0], [0, 0, 0, 0], []),
        ([0, 0, 0, 0], [0, 1, 2], [0, 0, 2, 1], []),
        ([0, 1, 2, 3], [0, 1], [0, 1, 0, 1], []),
        ([0, 1], [2, 3], [2, 3], []),
        ([2, 3, 3], [2, 4], [2, 4, 2], []),
    ]

    @Test("sockets change hands, and are made only where there are too few", arguments: rows)
    func plans(owners: [Int], workers: [Int], expected: [Int], without: [Int]) {
        #expect(Seating.plan(owners, for: workers) == Seating.Plan(owners: expected, without: without))
    }

    /// Whatever comes and goes: every worker has a socket, no other has, and none is closed.
    @Test func seatsEverybody() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<500 {
            var owners: [Int] = []
            for _ in 0..<6 {
                let pool = Array(0..<12).filter { _ in random.next(below: 2) == 0 }
                let workers = pool.isEmpty ? [0] : pool
                let before = owners
                let plan = Seating.plan(owners, for: workers)
                owners = plan.owners + plan.without
                let (seed, counts) = (random.seed, workers.map { worker in owners.count { $0 == worker } })
                try #require(Set(owners) == Set(workers), "seed \(seed), round \(round): \(before) for \(workers)")
                try #require(owners.count >= before.count, "seed \(seed), round \(round)")
                let spread = (counts.max() ?? 0) - (counts.min() ?? 0)
                let wasSpread = workers.map { worker in before.count { $0 == worker } }.max() ?? 0
                try #require(spread <= max(1, wasSpread), "seed \(seed), round \(round): \(counts)")
            }
        }
    }
}
