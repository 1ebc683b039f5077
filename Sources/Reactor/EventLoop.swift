import CLinux
public import Model

/// One thread's epoll loop: wait → begin → woken → every ready event → due timers → end.
///
/// Confined to the thread that runs it; only `waker` may be touched by others.
public final class EventLoop {
    /// The most events taken in one wait; what is left comes in the next.
    static let eventCapacity = 512
    /// The longest sleep, so that a far deadline never overflows epoll_wait's milliseconds.
    static let longestSleepMilliseconds: UInt64 = 3_600_000
    /// The waker's own token, which nobody else may register.
    static let wakerToken = UInt64.max

    @usableFromInline struct Ready: BitwiseCopyable {
        @usableFromInline let token: UInt64
        @usableFromInline let events: ReadyEvents
    }

    /// Deadlines of this loop, with the token that `timerFired` gets.
    public var timers: TimerWheel
    /// CLOCK_MONOTONIC when the tick's wait returned (before the first tick: when the loop was made).
    public private(set) var now: LoopTime
    /// Wakes this loop from any thread.
    public let waker: Waker

    private let epoll: Int32
    private let events: UnsafeMutablePointer<epoll_event>
    @usableFromInline let readyEvents: UnsafeMutablePointer<Ready>
    @usableFromInline var isStopping = false
    @usableFromInline var wasWoken = false

    /// - Throws: when descriptors or memory for an epoll instance and an eventfd are exhausted.
    public init() throws(SystemError) {
        waker = try Waker()
        epoll = try SystemError.check(clinux_epoll_create(), "epoll_create1")
        events = .allocate(capacity: EventLoop.eventCapacity)
        readyEvents = .allocate(capacity: EventLoop.eventCapacity)
        now = EventLoop.readClock()
        timers = TimerWheel(startingAt: now)
        // Not writable: that would be an edge of its own, and a first tick that nobody asked for.
        let flags = clinux_readable | clinux_edge_triggered
        try SystemError.check(clinux_epoll_add(epoll, waker.descriptor, EventLoop.wakerToken, flags), "epoll_ctl")
    }

    deinit {
        _ = clinux_close(epoll)
        events.deallocate()
        readyEvents.deallocate()
    }

    /// CLOCK_MONOTONIC at this moment: for threads without a loop. A loop's own time is `now`.
    public static func readClock() -> LoopTime { LoopTime(nanoseconds: clinux_monotonic_nanoseconds()) }

    /// Watches a descriptor until it is deregistered or its last copy is closed.
    ///
    /// - Parameters:
    ///   - token: comes back in `ready`; anything but `UInt64.max`.
    ///   - edgeTriggered: true for a connection: told once of each change, both ways, so whoever is told goes on until
    ///     `wouldBlock`. False for a listener: told every tick while a connection is waiting.
    /// - Throws: EEXIST when it is registered already, EPERM for what cannot be polled (a file), ENOSPC, ENOMEM.
    public func register(_ descriptor: Int32, token: UInt64, edgeTriggered: Bool = true) throws(SystemError) {
        precondition(token != EventLoop.wakerToken, "the token of the waker")
        let bothWays = clinux_readable | clinux_writable | clinux_peer_closed | clinux_edge_triggered
        let flags = edgeTriggered ? bothWays : clinux_readable
        try SystemError.check(clinux_epoll_add(epoll, descriptor, token, flags), "epoll_ctl")
    }

    /// No more events of that descriptor from the next tick on. Closing its only copy does the same.
    public func deregister(_ descriptor: Int32) { _ = clinux_epoll_remove(epoll, descriptor) }

    /// Runs ticks until `stop()`, which lets the tick it was called in go to its end.
    @inlinable public func run(_ delegate: some EventLoopDelegate) {
        var hasWork = false
        while !isStopping {
            let count = wait(hasWork: hasWork)
            delegate.tickBegan(now: now)
            if wasWoken { delegate.woken(now: now) }
            for index in 0..<count {
                let ready = readyEvents[index]
                delegate.ready(ready.token, ready.events, now: now)
            }
            while let token = timers.takeDue(at: now) { delegate.timerFired(token, now: now) }
            hasWork = delegate.tickEnded(now: now)
        }
        isStopping = false
    }

    /// Ends `run` after the current tick; before `run` it makes the next `run` return at once. The loop's thread only:
    /// from another, post a message or wake, and stop in `woken`.
    public func stop() { isStopping = true }

    /// Sleeps until something happens, reads the clock, and says how many of `readyEvents` are set.
    @usableFromInline func wait(hasWork: Bool) -> Int {
        let timeout = hasWork ? 0 : sleepMilliseconds
        let count = clinux_epoll_wait(epoll, events, Int32(EventLoop.eventCapacity), timeout)
        precondition(count >= 0 || count == -EINTR, "epoll_wait was called with what it cannot take")
        now = EventLoop.readClock()
        wasWoken = false
        var filled = 0
        for index in 0..<max(0, Int(count)) {
            let token = clinux_event_token(events + index)
            if token == EventLoop.wakerToken {
                wasWoken = true
                waker.clear()
            } else {
                let flags = clinux_event_flags(events + index)
                (readyEvents + filled).initialize(to: Ready(token: token, events: ReadyEvents(epoll: flags)))
                filled += 1
            }
        }
        return filled
    }

    /// Rounded up: a wait that ends too early would only be repeated. −1: until something happens.
    private var sleepMilliseconds: Int32 {
        guard let deadline = timers.nextDeadline() else { return -1 }
        let nanoseconds = min(deadline.nanoseconds(since: now), EventLoop.longestSleepMilliseconds * 1_000_000)
        return Int32((nanoseconds + 999_999) / 1_000_000)
    }
}

extension ReadyEvents {
    init(epoll flags: UInt32) {
        var events: ReadyEvents = []
        if flags & clinux_readable != 0 { events.insert(.readable) }
        if flags & clinux_writable != 0 { events.insert(.writable) }
        if flags & (clinux_peer_closed | clinux_hangup) != 0 { events.insert(.peerClosed) }
        if flags & clinux_hangup != 0 { events.insert(.hangup) }
        if flags & clinux_error != 0 { events.insert(.error) }
        self = events
    }
}
