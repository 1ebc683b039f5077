import Testing

@testable import Store

struct EventSubjectTests {
    static let told = [
        "use-a", "use-a/10.0.0.1:80", "use-ab", "use-ab/10.0.0.1:80", "x-use-a", "orders/use-a", "orders/eu-west",
        "eu-west",
        "use-a/unix:/run/x", "/", "", "zwölf/%", "zwölf", "Use-a",
    ]
    static let rows: [(asked: String, found: [String])] = [
        ("use-a", ["use-a", "use-a/10.0.0.1:80", "orders/use-a", "use-a/unix:/run/x"]),
        ("use-ab", ["use-ab", "use-ab/10.0.0.1:80"]), ("eu-west", ["orders/eu-west", "eu-west"]),
        ("orders", ["orders/use-a", "orders/eu-west"]), ("use-a/10.0.0.1:80", ["use-a/10.0.0.1:80"]),
        ("zwölf", ["zwölf/%", "zwölf"]), ("%", ["zwölf/%"]), ("use_a", []), ("mars", []),
    ]

    @Test(
        "who asks about a cell is told of its endpoints, about a region of the routes that it was asked for by",
        arguments: StateStoreTests.Kind.allCases, rows)
    func about(kind: StateStoreTests.Kind, row: (asked: String, found: [String])) async throws {
        let folder = try StateFolder()
        let store = try await kind.open(folder)
        let events = EventSubjectTests.told.enumerated().map { place, subject in
            StoredEvent(
                number: UInt64(place) + 1, time: 1, generation: 1, kind: "CELL_UP", subject: subject, cause: "")
        }
        try await store.append(events, keepAfter: 0)
        #expect(try await store.events(after: 0, subject: row.asked, limit: 100).map(\.subject) == row.found)
        #expect(
            try await store.events(after: 1, subject: row.asked, limit: 1).map(\.subject)
                == Array(row.found.filter { $0 != "use-a" }.prefix(1)))
    }
}
