/// A request method (RFC 9110 §9). `other` is any token not listed: forwarded as it came, treated as unsafe.
public enum Method: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    case get, head, post, put, patch, delete, options, trace, connect, other

    /// Safe (RFC 9110 §9.2.1): may be sent twice, fails open in a panic.
    @inlinable public var isSafe: Bool { self == .get || self == .head || self == .options || self == .trace }
    /// This method in a `MethodSet`.
    @inlinable public var bit: UInt16 { 1 << UInt16(rawValue) }

    @inlinable public init(_ token: ByteView) {
        switch token.count {
        case 3: self = token.equals("GET") ? .get : token.equals("PUT") ? .put : .other
        case 4: self = token.equals("POST") ? .post : token.equals("HEAD") ? .head : .other
        case 5: self = token.equals("PATCH") ? .patch : token.equals("TRACE") ? .trace : .other
        case 6: self = token.equals("DELETE") ? .delete : .other
        case 7: self = token.equals("OPTIONS") ? .options : token.equals("CONNECT") ? .connect : .other
        default: self = .other
        }
    }

    /// As written on the wire; `other` has no text of its own.
    public var text: String { self == .other ? "OTHER" : "\(self)".uppercased() }
}

extension ByteView: ExpressibleByStringLiteral {
    @inlinable public init(stringLiteral literal: StaticString) { self.init(literal) }
}
