/// One region's weights and drains turned into shares (routing.md, Weights, drains, sessions). Pure arithmetic, exact
/// in 10,000ths: a cell set to 37 % that is not draining next to others gets 3,700.
public struct RegionShares: Equatable, Sendable {
    /// One cell as the arithmetic sees it.
    public struct Cell: Equatable, Sendable {
        /// As the file says, whole percent.
        public var configuredPercent: Int
        /// As an operator says; nil: nothing.
        public var setPercent: Int?
        /// Of its weight it takes so many percent: below 100 while it drains. 0–100.
        public var admissionPercent: Int
        public init(configuredPercent: Int, setPercent: Int? = nil, admissionPercent: Int = 100) {
            (self.configuredPercent, self.setPercent) = (configuredPercent, setPercent)
            self.admissionPercent = admissionPercent
        }
    }

    /// Per cell in 10,000ths, before drains. They sum to 10,000, or to 0 where every cell was set to 0.
    public let weights: [Int]
    /// Per cell in 10,000ths of what the region keeps. They sum to 10,000, or to 0 when nobody takes any.
    public let shares: [Int]
    /// Of the requests choosing the region the drains of its cells leave it so many 10,000ths: below 10,000 only while
    /// every cell with weight drains, because what the one gives up then finds no other.
    public let keptShare: Int

    public init(_ cells: [Cell]) {
        weights = RegionShares.weights(of: cells)
        (shares, keptShare) = RegionShares.drained(weights, cells.map(\.admissionPercent))
    }

    /// Whole percents for people, which never call a cell without weight that has some.
    public var weightPercents: [Int] {
        zip(LargestRemainder.apportion(100, by: weights), weights).map { $1 > 0 ? max(1, $0) : 0 }
    }

    /// Set cells have what they were set to, the others the rest in proportion to the file. A reload or an expiry may
    /// leave set cells with nobody to take the rest: they share it in proportion then.
    private static func weights(of cells: [Cell]) -> [Int] {
        let set = cells.map { max(0, $0.setPercent ?? 0) }
        let sum = set.reduce(0, +)
        let free = cells.map { $0.setPercent == nil ? max(0, $0.configuredPercent) : 0 }
        guard sum <= 100, sum == 100 || free.contains(where: { $0 > 0 }) else {
            return LargestRemainder.apportion(10_000, by: set)
        }
        return zip(set, LargestRemainder.apportion(10_000 - 100 * sum, by: free)).map { 100 * $0 + $1 }
    }

    /// A draining cell takes its admission of its weight, rounded up, so that it falls with every step and ends at 0;
    /// what it gives up goes to the cells that do not drain, in proportion.
    private static func drained(_ weights: [Int], _ admissions: [Int]) -> (shares: [Int], kept: Int) {
        let admitted = zip(weights, admissions).map { $0 * min(100, max(0, $1)) }
        let staying = zip(weights, admissions).map { $1 >= 100 ? $0 : 0 }
        guard staying.contains(where: { $0 > 0 }) else {
            let total = weights.reduce(0, +)
            let kept = total > 0 ? (admitted.reduce(0, +) + 99) / 100 : 0
            return (LargestRemainder.apportion(10_000, by: admitted), kept)
        }
        let drained = zip(admitted, staying).map { $1 > 0 ? 0 : ($0 + 99) / 100 }
        let rest = LargestRemainder.apportion(10_000 - drained.reduce(0, +), by: staying)
        return (zip(drained, rest).map { $0 + $1 }, 10_000)
    }
}
