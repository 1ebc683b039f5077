import Model

/// One request on its way.
struct Flight {
    enum Phase: UInt8 {
        case free
        /// At an endpoint, without an answer.
        case sent
        /// Every endpoint tried refused; it waits for health to know.
        case waiting
    }

    var phase = Phase.free
    /// One more with each attempt and each request in the slot: what comes for an older one is late.
    var tag: UInt32 = 0
    var worker: UInt8 = 0
    var attempts: UInt8 = 0
    var retriesLeft: UInt8 = 0
    var isSafe = true
    /// It named a region and the route forces it, or it goes to an owner: others do not come into question.
    var isBound = false
    /// An unsafe attempt may have arrived.
    var mayBeApplied = false
    var endpoint = EndpointID.none
    /// What its route resolves to.
    var route = RouteID.none
    /// What its tenant is allowed, by the scene.
    var allowed = RegionSet.empty
    var startedAt: UInt64 = 0
    var sentAt: UInt64 = 0
    var visit = Visit(at: 0, route: 0, method: .get, tenant: -1, producer: 0, region: -1)
}

/// Requests on their way, in slots that are used again.
struct FlightTable {
    private(set) var slots: [Flight]
    private var free: [UInt32]
    var liveCount: Int { slots.count - free.count }

    init(capacity: Int) {
        slots = Array(repeating: Flight(), count: capacity)
        free = (0..<UInt32(capacity)).reversed()
    }

    /// Nil: full.
    mutating func take() -> Int? { free.popLast().map { Int($0) } }

    mutating func give(back slot: Int) {
        slots[slot].phase = .free
        slots[slot].tag &+= 1
        free.append(UInt32(slot))
    }

    subscript(slot: Int) -> Flight {
        get { slots[slot] }
        _modify { yield &slots[slot] }
    }
}
