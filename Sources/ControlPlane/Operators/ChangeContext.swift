public import Store

/// What a change brings with it besides what it asks for: who, on which understanding, and what is to be remembered.
public struct ChangeContext: Sendable {
    /// Makes what is kept under the request's idempotency key out of the answer's value.
    public typealias Remember = @Sendable (any Encodable & Sendable) -> StoredAnswer?

    public var caller: Caller
    /// `weight.set`, `drain.start`, …
    public var action: String
    /// What was asked for, without secrets: JSON.
    public var detail: String
    /// Generation that the caller has seen; the change is refused when another is in force. Nil: any.
    public var ifMatch: UInt64?
    public var remember: Remember

    public init(
        caller: Caller, action: String, detail: String, ifMatch: UInt64? = nil,
        remember: @escaping Remember = { _ in nil }
    ) {
        (self.caller, self.action, self.detail) = (caller, action, detail)
        (self.ifMatch, self.remember) = (ifMatch, remember)
    }
}
