import Model
import Policy
import Testing

struct KeySourceTests {
    static let rows: [(sessions: SessionKind, hashes: Bool, producer: StaticString, source: KeySource)] = [
        (.none, false, "", .none), (.none, true, "", .header), (.none, true, "p", .header),
        (.producer, false, "p", .producer), (.producer, true, "p", .producer), (.producer, true, "", .header),
        (.producer, false, "", .none), (.token, true, "p", .token), (.cookie, true, "", .token),
    ]
    @Test("what keys a request", arguments: rows.indices)
    func chooses(index: Int) {
        let row = KeySourceTests.rows[index]
        var route = RouteEntry()
        route.sessions = row.sessions
        if row.hashes { route.hashBy = TableRange(start: 0, count: 1) }
        #expect(route.keySource(producer: ByteView(row.producer)) == row.source)
        #expect(route.keysRequests == (row.sessions != .none || row.hashes))
    }
}
