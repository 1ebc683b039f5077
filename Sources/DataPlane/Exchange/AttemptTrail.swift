import Model

/// Where a request was sent, why there, and why each endpoint was left: the number of all, the rest of the first three,
/// for which the log has room. Pure.
struct AttemptTrail {
    private(set) var count: UInt8 = 0
    private(set) var endpoints = (EndpointID.none, EndpointID.none, EndpointID.none)
    /// `ExchangeError.Reason` + 1; 0: it answered, or is still asked.
    private(set) var errors: (UInt8, UInt8, UInt8) = (0, 0, 0)
    private(set) var whys = (AttemptWhy.first, AttemptWhy.first, AttemptWhy.first)

    /// The endpoint of the attempt before the last one; `.none` while there are fewer than two.
    var beforeLast: EndpointID { count == 2 ? endpoints.0 : count == 3 ? endpoints.1 : count > 3 ? endpoints.2 : .none }

    /// - Returns: the attempt's place, for `left`.
    mutating func began(at endpoint: EndpointID, _ why: AttemptWhy) -> UInt8 {
        switch count {
        case 0: (endpoints.0, whys.0) = (endpoint, why)
        case 1: (endpoints.1, whys.1) = (endpoint, why)
        case 2: (endpoints.2, whys.2) = (endpoint, why)
        default: break
        }
        count &+= 1
        return count &- 1
    }

    mutating func left(_ place: UInt8, _ reason: ExchangeError.Reason) {
        let code = reason.rawValue + 1
        switch place {
        case 0: errors.0 = code
        case 1: errors.1 = code
        case 2: errors.2 = code
        default: break
        }
    }
}
