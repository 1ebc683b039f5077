public import Model

/// The 10,000 buckets of a region and the cell that owns each (routing.md, Weights): where a keyed request goes.
///
///     aaaaaa bbbbb cccc ─ a gives 2 to c ─▶ cc aaaa bbbbb cccc
///
/// A change moves exactly as many buckets as the gaining cells gain, and no others: slices shrink and grow at their
/// edges. Pure and deterministic: the same changes in the same order give the same map.
public struct SliceMap: Equatable, Sendable {
    public static let bucketCount = 10_000

    /// Neighbouring buckets of one cell, or of none.
    struct Run: Equatable, Sendable {
        var cell: CellID
        var count: Int
    }

    /// In the order of the buckets; no two neighbours have the same cell, none is empty.
    private(set) var runs: [Run]

    /// Nobody owns a bucket yet.
    public init() { runs = [Run(cell: .none, count: SliceMap.bucketCount)] }

    /// As somebody else found it, bucket by bucket; `bucketCount` of them.
    public init(buckets: [CellID]) {
        precondition(buckets.count == SliceMap.bucketCount, "a region has \(SliceMap.bucketCount) buckets")
        runs = []
        for cell in buckets {
            if runs.last?.cell == cell {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(Run(cell: cell, count: 1))
            }
        }
    }

    /// Bucket by bucket, as `SnapshotParts.buckets` wants them; `CellID.none` where nobody has any share.
    public var buckets: [CellID] { runs.flatMap { Array(repeating: $0.cell, count: $0.count) } }

    public func count(of cell: CellID) -> Int { runs.reduce(0) { $1.cell == cell ? $0 + $1.count : $0 } }

    /// Gives each cell as many buckets as its share has 10,000ths; a cell that is not named has none. When nobody has
    /// a share the map stays: no key needs to move until somebody has one again.
    /// - Parameter shares: each cell once; their sum is 10,000 or 0, anything else is a mistake of the caller.
    public mutating func rebalance(to shares: [(cell: CellID, share: UInt16)]) {
        let sum = shares.reduce(0) { $0 + Int($1.share) }
        precondition(sum == SliceMap.bucketCount || sum == 0, "the shares of a region sum to \(sum)")
        guard sum > 0 else { return }
        var balance = Balance(owned: runs, wanted: shares)
        moveOverEdges(&balance)
        while balance.isOpen {
            moveFarther(&balance)
            moveOverEdges(&balance)
        }
    }

    /// Where one that loses lies beside one that gains, the border between them moves.
    private mutating func moveOverEdges(_ balance: inout Balance) {
        var place = 0
        while place + 1 < runs.count {
            let (left, right) = (runs[place].cell, runs[place + 1].cell)
            if let count = balance.take(from: left, for: right, atMost: runs[place].count) {
                (runs[place].count, runs[place + 1].count) = (runs[place].count - count, runs[place + 1].count + count)
            } else if let count = balance.take(from: right, for: left, atMost: runs[place + 1].count) {
                (runs[place].count, runs[place + 1].count) = (runs[place].count + count, runs[place + 1].count - count)
            } else {
                place += 1
                continue
            }
            // A run that is gone brings others together.
            if closeGap(at: place) || closeGap(at: place + 1) { place = max(0, place - 1) }
        }
    }

    /// Removes the run if it is empty, and makes one of its neighbours if they are the same cell's.
    private mutating func closeGap(at place: Int) -> Bool {
        guard place < runs.count, runs[place].count == 0 else { return false }
        runs.remove(at: place)
        if place > 0, place < runs.count, runs[place - 1].cell == runs[place].cell {
            runs[place - 1].count += runs[place].count
            runs.remove(at: place)
        }
        return true
    }

    /// No border is left to move: the smallest run of the first loser goes to the first gainer, whole if it may go
    /// whole, which makes no further run, else its beginning.
    private mutating func moveFarther(_ balance: inout Balance) {
        guard let gainer = balance.firstGainer, let loser = balance.firstLoser else { return }
        let places = runs.indices.filter { runs[$0].cell == loser }
        guard let place = places.min(by: { (runs[$0].count, $0) < (runs[$1].count, $1) }),
            let count = balance.take(from: loser, for: gainer, atMost: runs[place].count)
        else { preconditionFailure("a cell that loses buckets has none") }
        if count == runs[place].count {
            runs[place].cell = gainer
        } else {
            runs[place].count -= count
            runs.insert(Run(cell: gainer, count: count), at: place)
        }
    }
}

extension SliceMap {
    /// What each cell still has to lose (positive) or to gain (negative), in a fixed order.
    private struct Balance {
        private var cells: [CellID] = []
        private var surplus: [CellID: Int] = [:]

        init(owned runs: [Run], wanted shares: [(cell: CellID, share: UInt16)]) {
            for run in runs { add(run.count, to: run.cell) }
            for (cell, share) in shares { add(-Int(share), to: cell) }
        }

        private mutating func add(_ count: Int, to cell: CellID) {
            if let before = surplus[cell] {
                surplus[cell] = before + count
            } else {
                cells.append(cell)
                surplus[cell] = count
            }
        }

        private func open(_ cell: CellID) -> Int { surplus[cell] ?? 0 }
        var firstLoser: CellID? { cells.first { open($0) > 0 } }
        var firstGainer: CellID? { cells.first { open($0) < 0 } }
        var isOpen: Bool { firstLoser != nil }

        /// Books what may move from the one to the other; nil: nothing.
        mutating func take(from loser: CellID, for gainer: CellID, atMost most: Int) -> Int? {
            let count = min(open(loser), -open(gainer), most)
            guard count > 0 else { return nil }
            surplus[loser] = open(loser) - count
            surplus[gainer] = open(gainer) + count
            return count
        }
    }
}
