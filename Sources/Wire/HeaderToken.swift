public import Model

/// Header names the edge treats in a way of their own; all others are `other` and pass untouched.
public enum HeaderToken: UInt8, Sendable, BitwiseCopyable {
    case other
    // Pseudo-header fields (RFC 9113 §8.3).
    case method, scheme, authority, path, status, `protocol`
    // Semantics.
    case host, contentLength, contentType, te, expect
    // Forwarding.
    case via, forwarded, forwardedFor, forwardedProto, forwardedHost, requestID, traceparent
    // Routing.
    case xRegion
    /// RFC 9218.
    case priority
    /// Any other `x-portolan-*`.
    case portolan
    /// RFC 6265.
    case cookie

    /// The token of a lower-case name, by length first: a few comparisons for every name that is not ours.
    @inlinable public init(_ name: ByteView) {
        switch name.count {
        case 2: self = name.equals("te") ? .te : .other
        case 3: self = name.equals("via") ? .via : .other
        case 4: self = name.equals("host") ? .host : .other
        case 5: self = name.equals(":path") ? .path : .other
        case 6: self = name.equals("expect") ? .expect : name.equals("cookie") ? .cookie : .other
        case 7: self = HeaderToken.seven(name)
        case 8: self = name.equals("x-region") ? .xRegion : name.equals("priority") ? .priority : .other
        case 9: self = name.equals("forwarded") ? .forwarded : name.equals(":protocol") ? .protocol : .other
        case 10: self = name.equals(":authority") ? .authority : .other
        case 11: self = name.equals("traceparent") ? .traceparent : .other
        case 12: self = HeaderToken.twelve(name)
        case 14: self = HeaderToken.fourteen(name)
        case 15: self = name.equals("x-forwarded-for") ? .forwardedFor : HeaderToken.long(name)
        case 16: self = name.equals("x-forwarded-host") ? .forwardedHost : HeaderToken.long(name)
        case 17: self = name.equals("x-forwarded-proto") ? .forwardedProto : HeaderToken.long(name)
        default: self = HeaderToken.long(name)
        }
    }

    @inlinable static func seven(_ name: ByteView) -> HeaderToken {
        guard name[0] == 58 else { return .other }  // ':'
        return name.equals(":method")
            ? .method
            : name.equals(":scheme") ? .scheme : name.equals(":status") ? .status : .other
    }

    @inlinable static func twelve(_ name: ByteView) -> HeaderToken {
        name.equals("content-type") ? .contentType : name.equals("x-request-id") ? .requestID : long(name)
    }

    @inlinable static func fourteen(_ name: ByteView) -> HeaderToken {
        name.equals("content-length") ? .contentLength : long(name)
    }

    @inlinable static func long(_ name: ByteView) -> HeaderToken {
        name.count > 11 && name[0] == 120 && name[2] == 112 && name.hasPrefix("x-portolan-") ? .portolan : .other
    }
}
