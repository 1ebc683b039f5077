/// Which worker accepts from which of an address's sockets (decision 0017). Pure.
///
/// A socket that listens is never closed while its address is wanted: the kernel would reset who waits in its queue. So
/// the sockets of a worker that leaves go to others, and come back when there are more again.
enum Seating {
    struct Plan: Equatable {
        /// By socket, in the order given: its worker from now on.
        var owners: [Int]
        /// Workers for whom there is none: each wants a new one.
        var without: [Int]
    }

    /// - Parameters:
    ///   - owners: by socket, its worker until now.
    ///   - workers: those from now on; each gets one at least.
    static func plan(_ owners: [Int], for workers: [Int]) -> Plan {
        var plan = Plan(owners: owners, without: [])
        var counts = Dictionary(uniqueKeysWithValues: workers.map { ($0, 0) })
        for owner in owners { counts[owner]? += 1 }
        var left = owners.indices.filter { counts[owners[$0]] == nil }
        for worker in workers where counts[worker] == 0 {
            let spare = left.isEmpty ? Seating.spare(in: plan.owners, counts) : left.removeFirst()
            guard let spare else {
                plan.without.append(worker)
                continue
            }
            counts[plan.owners[spare]]? -= 1
            (plan.owners[spare], counts[worker]) = (worker, 1)
        }
        for socket in left {
            guard let worker = workers.min(by: { (counts[$0] ?? 0, $0) < (counts[$1] ?? 0, $1) }) else { break }
            plan.owners[socket] = worker
            counts[worker, default: 0] += 1
        }
        return plan
    }

    /// A socket of the worker that has most, where that is more than one.
    private static func spare(in owners: [Int], _ counts: [Int: Int]) -> Int? {
        let most = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
        guard let most, most.value > 1 else { return nil }
        return owners.lastIndex(of: most.key)
    }
}
