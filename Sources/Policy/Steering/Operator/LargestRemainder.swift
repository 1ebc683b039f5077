/// Hands out whole seats in proportion to weights: each gets the floor of its part, and the seats left over go to the
/// largest remainders, the earlier place where two are alike.
enum LargestRemainder {
    /// - Parameters:
    ///   - seats: 0–10,000.
    ///   - weights: not negative, their sum at most 2⁴⁰ so that nothing overflows.
    /// - Returns: as many as there are weights; their sum is `seats`, or 0 when every weight is 0.
    static func apportion(_ seats: Int, by weights: [Int]) -> [Int] {
        let total = weights.reduce(0, +)
        guard total > 0 else { return Array(repeating: 0, count: weights.count) }
        var given = weights.map { seats * $0 / total }
        let left = seats - given.reduce(0, +)
        let order = weights.indices.sorted { one, other in
            let (a, b) = (seats * weights[one] % total, seats * weights[other] % total)
            return a == b ? one < other : a > b
        }
        for place in order.prefix(left) { given[place] += 1 }
        return given
    }
}
