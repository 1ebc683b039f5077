import HTTP2
import Model
import Wire

/// A connection's way out: of a listener that is gone, of a worker that leaves, of a process that stops, of its age.
extension DownstreamConnection {
    /// A client that has just come in, and cannot know that it came to the wrong place, gets to ask once: what it is
    /// about to send nobody else could be asked to repeat.
    struct Farewell {
        let graceMilliseconds: UInt64
        /// For its first request.
        var deadline: LoopTime
    }

    /// How long a client that has asked for nothing is waited for.
    private static let askMilliseconds: UInt64 = 1_000

    /// Tells the client to open no more streams, and closes when the last has ended.
    ///
    /// - Parameter grace: milliseconds after which it closes whatever is open; without it streams have all the time
    ///   they need, for a connection that is merely old.
    func startDrain(graceMilliseconds grace: UInt64 = .max) {
        guard farewell == nil else { return }
        let deadline = worker.now.advanced(milliseconds: DownstreamConnection.askMilliseconds)
        farewell = Farewell(graceMilliseconds: grace, deadline: deadline)
        if hasAsked { return takeLeave() }
        worker.schedule(&timer, token, at: isGreeted ? deadline : min(deadline, stepDeadline))
    }

    /// The handshake took its time: the first request is next.
    func extendFarewell() {
        farewell?.deadline = worker.now.advanced(milliseconds: DownstreamConnection.askMilliseconds)
    }

    func takeLeave() {
        guard let grace = farewell?.graceMilliseconds else { return }
        farewell = nil
        // One that was told to go for its age had all the time; now it has as much as the others.
        if drain.isDraining { drainDeadline = min(drainDeadline, worker.now.advanced(milliseconds: grace)) }
        perform(drain.begin(now: worker.now, graceMilliseconds: grace, ping: worker.random.next()))
    }

    /// The time to ask is over. True where nothing more is to be done: it never said a word, or it is told to go.
    func endsUnasked() -> Bool {
        if http != nil {
            takeLeave()
            return isGreeted
        }
        // In a handshake its first request may be under way.
        guard tls == nil else { return false }
        close()
        return true
    }

    func perform(_ action: SessionDrain.Action) {
        switch action {
        case .none, .discard: return
        case .warn(let ping, let deadline):
            drainDeadline = deadline
            worker.schedule(&timer, token, at: worker.now.advanced(milliseconds: DownstreamConnection.busyCheck))
            http?.warn(ping: ping)
        case .refuse(let lastStream): http?.refuse(after: StreamID(lastStream))
        case .close: http?.terminate(.noError)
        }
        worker.touch(self)
    }
}
