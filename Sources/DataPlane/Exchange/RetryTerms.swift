import Model

/// What the route of a request allows to be repeated (routing.md, Retries), taken from it when the request begins: a
/// snapshot that comes meanwhile changes nothing. Pure.
struct RetryTerms: Equatable {
    private(set) var left: UInt8 = 0
    private var causes = RetryCause.all
    /// Repeating an unsafe method harms nobody, if the request has a key by which backends know it again.
    private(set) var isIdempotent = false
    /// `class: write`: not safe, whatever the method says.
    private(set) var isWrite = false
    /// The route retries at all, whether or not one is left.
    private(set) var isRetrying = true
    /// Until the head of one attempt's answer; 0: the endpoint's response timeout alone.
    private(set) var perTryMilliseconds: UInt64 = 0
    /// Until the second attempt beside the first; 0: never.
    private(set) var hedgeMilliseconds: UInt64 = 0

    init() {}

    init(_ route: RouteEntry) {
        (left, causes, isIdempotent) = (route.retries, route.retryOn, route.isIdempotent)
        (isWrite, isRetrying) = (route.isWriteClass, route.retries > 0)
        perTryMilliseconds = UInt64(route.perTryMilliseconds)
        hedgeMilliseconds = UInt64(route.hedgeMilliseconds)
    }

    func allows(_ cause: RetryCause) -> Bool { left > 0 && isCause(cause) }

    /// It is a failure for this route, whether or not a retry is left.
    func isCause(_ cause: RetryCause) -> Bool { causes & cause.bit != 0 }

    mutating func used() { left -= 1 }
}

extension RetryCause {
    /// The answer that may be another endpoint's chance; nil: no status of that kind.
    init?(status: UInt16) {
        switch status {
        case 502: self = .badGateway
        case 503: self = .unavailable
        case 504: self = .gatewayTimeout
        default: return nil
        }
    }

    /// What the log says of an attempt whose answer was not passed on.
    var answered: ExchangeError.Reason {
        switch self {
        case .badGateway: .answeredBadGateway
        case .unavailable: .answeredUnavailable
        case .gatewayTimeout: .answeredGatewayTimeout
        case .perTryTimeout: .httpResponseTimeout
        case .reset: .streamReset
        }
    }
}
