/// One thing the tour shows: what it expects, what it saw, and whether that is the same.
struct TourStep: Equatable, Sendable {
    var title: String
    var expected: String
    /// A line each.
    var saw: [String] = []
    /// What was not as expected; empty: the step holds.
    var misses: [String] = []

    var holds: Bool { misses.isEmpty }

    init(_ title: String, expected: String) { (self.title, self.expected) = (title, expected) }

    mutating func check(_ holds: Bool, _ miss: String) {
        if !holds { misses.append(miss) }
    }

    /// For people, numbered from 1.
    func text(number: Int) -> String {
        var lines = ["\(number)  \(title)", "   expected  \(expected)"]
        for (index, line) in saw.enumerated() { lines.append((index == 0 ? "   saw       " : "             ") + line) }
        for miss in misses { lines.append("   MISSED    \(miss)") }
        if holds { lines.append("   holds") }
        return lines.joined(separator: "\n")
    }
}
