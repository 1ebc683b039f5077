import Model
import Policy

/// What requests met at each endpoint since the steering was last told.
struct Sightings {
    private var observations: [EndpointObservation]
    private var touched: [Int] = []
    var isEmpty: Bool { touched.isEmpty }

    init(count: Int) {
        observations = (0..<UInt32(count)).map { EndpointObservation(endpoint: EndpointID(rawValue: $0)) }
    }

    /// - Parameter firstByteNanoseconds: nil: no answer came.
    mutating func succeeded(_ index: Int, firstByteNanoseconds: UInt64) {
        touch(index)
        observations[index].successes += 1
        observations[index].consecutiveFailures = 0
        observations[index].firstByteNanosecondsSum += firstByteNanoseconds
        observations[index].firstByteCount += 1
    }

    mutating func failed(_ index: Int, wasRefused: Bool) {
        touch(index)
        observations[index].failures += 1
        observations[index].consecutiveFailures += 1
        if wasRefused { observations[index].refusals += 1 }
    }

    private mutating func touch(_ index: Int) {
        if observations[index].successes == 0, observations[index].failures == 0 { touched.append(index) }
    }

    /// All of them, which are forgotten then.
    mutating func take() -> [EndpointObservation] {
        let taken = touched.map { observations[$0] }
        for index in touched { observations[index] = EndpointObservation(endpoint: observations[index].endpoint) }
        touched.removeAll(keepingCapacity: true)
        return taken
    }
}
