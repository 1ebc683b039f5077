import Testing

@testable import Model

struct ReasonTests {
    @Test func hasOneNameForEach() {
        #expect(Reason.names.count == Reason.allCases.count)
        #expect(Set(Reason.allCases.map(\.name)).count == Reason.allCases.count)
    }

    /// The names are the cases' own, in snake case, so that a list out of step shows.
    @Test("is named as its case", arguments: Reason.allCases)
    func isNamed(reason: Reason) {
        let snake = "\(reason)".reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : "\($1)" }
        #expect(reason.name == snake)
        #expect(reason.bytes.text == snake)
    }

    @Test("keeps the raw values that are in records") func isStable() {
        let pinned: [Reason: UInt8] = [.weight: 0, .regionFallback: 4, .spill: 13, .residencyDenied: 14, .internal: 39]
        for (reason, value) in pinned { #expect(reason.rawValue == value) }
    }
}
