/// A stream's number on its connection (RFC 9113 §5.1.1).
public typealias StreamID = Int32

/// What the owner of a session keeps with a stream: an index and generation of its own, never an object. 0: nothing.
public typealias StreamTag = UInt

/// A complete list of fields that a peer sent.
public struct ReceivedHead {
    public enum Kind: UInt8, BitwiseCopyable { case request, informational, response, trailers }
    public let stream: StreamID
    public let tag: StreamTag
    public let kind: Kind
    /// The owner's from now on.
    public let block: HeaderBlock
    /// END_STREAM came with it.
    public let isEnd: Bool
    /// More octets or fields than the limit; the fields past it are missing.
    public let isTooLarge: Bool
}

/// How much of a body can be sent now.
public struct BodySupply: BitwiseCopyable {
    /// Bytes ready.
    public var count: Int
    /// Nothing follows the ready bytes.
    public var isFinal: Bool
    /// Trailers follow the ready bytes; only with `isFinal`. The session takes a hold of its own.
    public var trailers: HeaderBlock?
    public init(count: Int, isFinal: Bool, trailers: HeaderBlock? = nil) {
        (self.count, self.isFinal, self.trailers) = (count, isFinal, trailers)
    }
}

/// Misbehaviour worth counting (limits.md, A7), by what it costs.
public enum Glitch: Int, Sendable {
    case unknownFrame = 1
    case malformed = 10
    case flowControl = 50
}

/// What a session tells its connection. A class to inherit from, because nghttp2 calls back through C: a virtual call
/// costs less than a closure and, unlike an existential, retains nothing.
///
/// No call may feed or close the session it comes from; it may submit, reset, consume and resume.
open class SessionOwner {
    public init() {}
    open func headReceived(_ head: ReceivedHead) {}
    /// `bytes` are valid during the call.
    open func dataReceived(_ stream: StreamID, _ tag: StreamTag, _ bytes: UnsafeRawBufferPointer) {}
    /// END_STREAM arrived, after the last `dataReceived` or with a head whose `isEnd` is set.
    open func endReceived(_ stream: StreamID, _ tag: StreamTag) {}
    /// The stream is gone: by both ends, by a reset of either side, or with the session.
    open func streamClosed(_ stream: StreamID, _ tag: StreamTag, _ code: ErrorCode) {}
    /// Asked when the peer's windows allow more of a body; 0 and not final defers until `Session.resume`.
    open func bodyReady(_ stream: StreamID, _ tag: StreamTag) -> BodySupply { BodySupply(count: 0, isFinal: true) }
    /// Move exactly `count` bytes of the body, promised by `bodyReady`, into `target`. False when they are gone: the
    /// stream is then reset.
    open func bodyTaken(
        _ stream: StreamID, _ tag: StreamTag, into target: UnsafeMutableRawPointer, count: Int
    ) -> Bool { false }
    /// The last frame of an answer left for the wire: END_STREAM. Downstream only.
    open func endSent(_ stream: StreamID, _ tag: StreamTag) {}
    /// The peer's SETTINGS: on the first and on each change.
    open func settingsReceived() {}
    open func goawayReceived(lastStream: StreamID, code: ErrorCode) {}
    open func pingAcknowledged(_ payload: UInt64) {}
    open func glitched(_ glitch: Glitch) {}
}
