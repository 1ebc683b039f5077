import Model
import Testing

@testable import Policy

struct FlightTableTests {
    @Test("an id ends once, and is not the next one's in the same place")
    func endsOnce() throws {
        var flights = FlightTable()
        let first = flights.begin(EndpointID(rawValue: 7), 1)
        let (ended, again) = (flights.end(first), flights.end(first))
        #expect(first != 0 && ended?.endpoint == EndpointID(rawValue: 7) && again == nil)
        let second = flights.begin(EndpointID(rawValue: 8), 2)
        let (late, unknown, next) = (flights.end(first), flights.end(12_345), flights.end(second))
        #expect(second != first && late == nil && unknown == nil && next?.number == 2)
    }

    @Test("nobody waits for those that are not kept")
    func keeps() {
        var flights = FlightTable()
        let ids = (0..<4 as Range<UInt32>).map { flights.begin(EndpointID(rawValue: $0), $0) }
        flights.keep { $0.rawValue % 2 == 0 }
        let waited = ids.map { flights.end($0) != nil }
        #expect(waited == [true, false, true, false])
        let fresh = (0..<4 as Range<UInt32>).map { flights.begin(EndpointID(rawValue: $0), $0) }
        #expect(Set(fresh).union(ids).count == 8)
    }
}
