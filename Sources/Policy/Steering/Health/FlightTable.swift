import Model

/// Probes under way by the ids their runner knows them by: a place in a table and how often that place was used, so
/// that looking one up hashes nothing and a late result finds nobody.
struct FlightTable: Sendable {
    struct Flight: BitwiseCopyable, Sendable {
        let endpoint: EndpointID
        /// The detector's own id for it.
        let number: UInt32
    }

    /// Low bits of an id: the place. A million probes at once are more than any edge's endpoints start.
    private static let placeBits: UInt32 = 20

    private var flights: [Flight?] = []
    private var uses: [UInt32] = []
    private var free: [Int] = []
    init() {}

    /// The id; never 0.
    mutating func begin(_ endpoint: EndpointID, _ number: UInt32) -> UInt32 {
        let flight = Flight(endpoint: endpoint, number: number)
        let place: Int
        if let last = free.popLast() {
            place = last
            flights[place] = flight
        } else {
            place = flights.count
            precondition(place < 1 << FlightTable.placeBits, "a million probes under way")
            flights.append(flight)
            uses.append(0)
        }
        uses[place] = uses[place] % (1 << (32 - FlightTable.placeBits) - 1) + 1
        return uses[place] << FlightTable.placeBits | UInt32(place)
    }

    /// Nil for an id that is not under way.
    mutating func end(_ id: UInt32) -> Flight? {
        let place = Int(id & (1 << FlightTable.placeBits - 1))
        guard place < flights.count, uses[place] == id >> FlightTable.placeBits, let flight = flights[place] else {
            return nil
        }
        flights[place] = nil
        free.append(place)
        return flight
    }

    /// Nobody waits for the others any more.
    mutating func keep(_ stays: (EndpointID) -> Bool) {
        for place in flights.indices {
            guard let flight = flights[place], !stays(flight.endpoint) else { continue }
            flights[place] = nil
            free.append(place)
        }
    }
}
