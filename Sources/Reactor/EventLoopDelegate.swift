public import Model

/// Whom an `EventLoop` works for. All calls come on the loop's thread; `now` is the same throughout a tick.
public protocol EventLoopDelegate: AnyObject {
    /// A tick begins, before anything else of it.
    func tickBegan(now: LoopTime)

    /// Somebody called `Waker.wake()`, once or many times. Comes before the tick's `ready` calls.
    func woken(now: LoopTime)

    /// One registered descriptor is ready.
    ///
    /// All of a tick's events were collected before the first is handed out, so one may still come for a descriptor
    /// that an earlier call deregistered or closed: the token must tell (index and generation).
    func ready(_ token: UInt64, _ events: ReadyEvents, now: LoopTime)

    /// A timer's deadline has passed, after all `ready` calls. One cancelled earlier in the same tick does not come.
    func timerFired(_ token: UInt64, now: LoopTime)

    /// After all events and timers.
    /// - Returns: true when there is work left, so that the next wait must not sleep.
    func tickEnded(now: LoopTime) -> Bool
}
