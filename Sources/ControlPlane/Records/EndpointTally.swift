import Model
import Policy

/// Folds the records of ended requests into what they say of the endpoints tried, for the outlier detector and the
/// distances. What the edge refused by itself and what the client broke off says nothing of an endpoint.
struct EndpointTally: Sendable {
    /// By endpoint id; those of `touched` alone have counts.
    private var observations: [EndpointObservation] = []
    private var touched: [Int] = []

    mutating func take(_ record: RequestRecord) {
        take(record.endpoints.0, error: record.attemptErrors.0, record)
        take(record.endpoints.1, error: record.attemptErrors.1, record)
        take(record.endpoints.2, error: record.attemptErrors.2, record)
    }

    /// What was seen since the last call, in the order of first sight.
    mutating func takeAll() -> [EndpointObservation] {
        defer {
            for index in touched { observations[index] = EndpointTally.empty(index) }
            touched.removeAll(keepingCapacity: true)
        }
        return touched.map { observations[$0] }
    }

    private mutating func take(_ endpoint: EndpointID, error: UInt8, _ record: RequestRecord) {
        if endpoint == .none { return }
        if error == 0 {
            // Without a head the request ended before an answer, for a reason that is not the endpoint's.
            guard record.upstreamMicroseconds > 0 else { return }
            if record.status < 500 { return succeeded(endpoint, microseconds: record.upstreamMicroseconds) }
            return failed(endpoint, isRefusal: false)
        }
        guard let reason = ExchangeError.Reason(rawValue: error - 1), reason.isTheEndpoints else { return }
        failed(endpoint, isRefusal: reason == .connectionRefused)
    }

    private mutating func succeeded(_ endpoint: EndpointID, microseconds: UInt32) {
        let index = place(of: endpoint)
        observations[index].successes += 1
        observations[index].consecutiveFailures = 0
        observations[index].firstByteCount += 1
        observations[index].firstByteNanosecondsSum += UInt64(microseconds) * 1_000
    }

    private mutating func failed(_ endpoint: EndpointID, isRefusal: Bool) {
        let index = place(of: endpoint)
        observations[index].failures += 1
        observations[index].consecutiveFailures += 1
        if isRefusal { observations[index].refusals += 1 }
    }

    private mutating func place(of endpoint: EndpointID) -> Int {
        let index = endpoint.index
        while observations.count <= index { observations.append(EndpointTally.empty(observations.count)) }
        if observations[index].successes == 0, observations[index].failures == 0 { touched.append(index) }
        return index
    }

    private static func empty(_ index: Int) -> EndpointObservation {
        EndpointObservation(endpoint: EndpointID(rawValue: UInt32(index)))
    }
}

extension ExchangeError.Reason {
    /// The attempt failed by the endpoint's doing, or that of the way to it.
    fileprivate var isTheEndpoints: Bool {
        switch self {
        case .clientAborted, .httpRequestError, .httpRequestDenied, .proxyInternalError, .proxyLoopDetected: false
        // The edge's own limits; an endpoint that goes away in good order refuses streams.
        case .connectionLimitReached, .concurrencyLimitReached, .destinationUnavailable, .streamRefused: false
        // The other attempt was sooner; an operator ended it.
        case .outrun, .drained: false
        default: true
        }
    }
}
