import HTTP2
import Model
import Policy

/// The second attempt of a hedged request beside the first, which the exchange itself is (routing.md, Retries). Its
/// stream has the exchange's tag with a mark.
///
///     none ─armed→ due ─sent→ live ─┬ its head comes first, or the first fails → it becomes the exchange's attempt
///                                   └ the first one's head comes first, or it fails → none
struct Rival {
    /// `endpoint` is `.none` while there is no second attempt.
    var decision = Decision()
    var upstream: Unmanaged<UpstreamConnection>?
    var stream: StreamID = 0
    var sentAt = LoopTime.zero
    /// Octets of the request's body that it has sent; all are held while it lives.
    var taken = 0
    /// In the trail.
    var place: UInt8 = 0

    var isLive: Bool { decision.endpoint != .none }
    /// It has no stream yet.
    var isWaiting: Bool { isLive && upstream == nil }
}
