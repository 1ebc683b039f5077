import HTTP2
import Model
import Policy
import Reactor
import Wire

/// One request across both sides, from its head to the end of the client's stream.
///
///     begun ─budget→ waitingForStream ─stream→ sent ─head of answer→ answering ─┐
///       │                  ▲   └────── failed: resend, retry ──┘                ├─→ stream closed
///       └─ refused ────────┴───────── failed: answer of our own ────────────────┘
///
/// A plain value in a slab: connections are known by unmanaged references, which they outlive (a connection that dies
/// takes leave of its exchanges first). It decides; `Worker` does.
struct Exchange {
    enum Phase: UInt8 { case waitingForBudget, waitingForStream, sent, answering }

    /// What is to be done about a failure.
    enum Remedy: Equatable {
        /// It never reached a backend: elsewhere, outside any budget.
        case resend
        /// It is safe and unanswered: once more, elsewhere.
        case retry
        /// Tell the client.
        case answer
        /// The client has a head already: only a reset is honest.
        case reset
    }

    /// How long a client may go on with a request that is answered already, before it is told that nobody listens.
    static let lingerMilliseconds: UInt64 = 1_000
    /// Octets of a body that are kept for sending them again (routing.md, Retries).
    static let replayCapacity = 65_536
    /// Endpoints tried in all, provably unprocessed ones included: past it something is wrong that trying cannot cure.
    static let maxAttempts = 4

    let tag: StreamTag
    let downstream: Unmanaged<DownstreamConnection>
    let downstreamStream: StreamID
    var phase = Phase.waitingForBudget

    // The request.
    var method = Method.get
    var isGRPC = false
    var isHead = false
    var listener: UInt8 = 0
    /// Held for a second attempt and for the log until the exchange ends.
    var requestHead: HeaderBlock
    /// What goes upstream in its place, where the route or a write adds or removes fields.
    var outgoingHead: HeaderBlock?
    /// A view of `requestHead`; absent: nobody's.
    var tenant = ByteView.absent
    var requestBody = ByteQueue()
    /// Octets at the front of `requestBody` that were sent already and are kept for a replay.
    var requestTaken = 0
    /// Octets at the front of `requestBody` whose windows the client has back already: none twice, however often they
    /// are sent.
    var requestCredited = 0
    /// Some octets that were sent are not held any more: no replay.
    var requestIsTorn = false
    var requestEnded = false
    /// The session asked for more of the body than there was, and waits to be told of more.
    var requestIsAwaited = false
    var requestTrailers: HeaderBlock?

    // Where it goes.
    var decision = Decision()
    /// The first decision with what it went by, for the log: later ones are its retries'.
    var firstDecision = DecisionRecord()
    /// A view of `requestHead`: the region that the first decision was asked for; absent mostly.
    var xRegion = ByteView.absent
    var session = SessionReading()
    var generation: UInt64 = 0
    /// The endpoint whose pool counts this exchange; `.none` outside an attempt.
    var leased = EndpointID.none
    var upstream: Unmanaged<UpstreamConnection>?
    var upstreamStream: StreamID = 0
    var trail = AttemptTrail()
    /// The present attempt's place in the trail, and why it, or the next one, is made.
    var place: UInt8 = 0
    var why = AttemptWhy.first
    /// What the route allows to be repeated.
    var terms = RetryTerms()
    /// A second attempt beside this one is due at the timer, or was made: see `Rival`.
    var isHedged = false
    var hedgeTimer = TimerWheel.ID.none
    var rival = Rival()
    /// The route changes the head on its way up, the answer's on its way down.
    var changesHead = false
    var changesResponse = false
    /// The route that says how, and as of when its number stands for it: the first decision's.
    var headerRoute = RouteID.none
    var headerRevision: UInt32 = 0
    /// The edge adds the `idempotency-key` that the client did not send.
    var addsKey = false
    /// A 421 was followed to the owner it named: never twice.
    var hasFollowedOwner = false
    /// Some byte of an attempt that failed may have reached a backend that acted on it.
    var mayBeApplied = false

    // The answer.
    var status: UInt16 = 0
    var answeredByEdge = false
    var responseBody = ByteQueue()
    var responseEnded = false
    var responseIsAwaited = false
    var responseTrailers: HeaderBlock?
    var error: UInt8 = 0
    /// All of the answer has left, while the client has not finished its request.
    var isLingering = false
    /// The endpoint broke off: the client is told so once it has what came before.
    var breakOff: ErrorCode?
    /// The stream's receive window upstream, and how much the client took of it.
    var window = 0
    var windowDrained = 0
    /// Octets of the client's budget set aside for this answer.
    var reserved = 0

    // Times.
    let startedAt: LoopTime
    var sentAt = LoopTime.zero
    var headAt = LoopTime.zero
    /// Octets last left for the client; meaningful while some wait.
    var progressAt: LoopTime
    /// The next instant at which something is overdue.
    var deadline: LoopTime
    /// The deadline is the route's for one attempt.
    var isTryDeadline = false
    /// The time for one attempt runs from here.
    var tryStartedAt = LoopTime.zero
    /// How fast the request's body must come.
    var pace = BodyPace()
    /// The route's total timeout; the far future on streaming routes.
    var totalDeadline = LoopTime.distantFuture
    /// When it leaves an endpoint that was marked down (routing.md, Retries: rescue).
    var rescueAt = LoopTime.distantFuture
    var bytesIn: UInt64 = 0
    var bytesOut: UInt64 = 0

    /// The endpoint ended an answer that had begun.
    var wasBrokenOff: Bool { breakOff != nil }

    /// Octets of the body whose windows the client does not have back.
    var requestUncredited: Int { requestBody.count - requestCredited }

    /// Everything sent could be sent again.
    var canReplay: Bool { !requestIsTorn }

    /// An answer's head went to the client.
    var hasAnswered: Bool { phase == .answering }

    /// Endpoints tried.
    var attempts: UInt8 { trail.count }

    /// Its method is safe (RFC 9110 §9.2.1) and its route does not write.
    var isSafe: Bool { method.isSafe && !terms.isWrite }

    /// Nobody is harmed when it is sent once more: its method is safe, or its key tells backends that they know it.
    var isRepeatable: Bool {
        isSafe || terms.isIdempotent && (addsKey || !requestHead.value(named: "idempotency-key").isEmpty)
    }

    /// It may be sent once more for that cause, and the client has nothing yet.
    func mayRetry(_ cause: RetryCause) -> Bool {
        terms.allows(cause) && canReplay && !hasAnswered && attempts < Exchange.maxAttempts && isRepeatable
    }

    /// Leaving its endpoint loses nothing and repeats nothing unsafe.
    var mayBeRescued: Bool { canReplay && (phase == .waitingForStream || phase == .sent && isRepeatable) }

    /// This goes to its first endpoint and wants a second attempt beside it in a while.
    var wantsHedge: Bool { terms.hedgeMilliseconds > 0 && !isHedged && why == .first && isSafe }

    /// A second attempt can be made now: all of the request is there, and was sent if it has a body.
    var mayHedge: Bool {
        leased != .none && (phase == .waitingForStream || phase == .sent) && !rival.isLive && requestEnded
            && requestReady == 0 && requestTrailers == nil && canReplay && attempts < Exchange.maxAttempts
    }

    /// What becomes of a failed attempt. Pure: the caller does it.
    func remedy(for error: ExchangeError, _ cause: RetryCause = .reset) -> Remedy {
        if hasAnswered { return .reset }
        guard canReplay, attempts < Exchange.maxAttempts else { return .answer }
        switch error.retry {
        case .safe: return .resend
        // A write that was sent on to a new owner has been delivered twice: no more (routing.md, Writes).
        case .ifIdempotent: return !hasFollowedOwner && mayRetry(cause) ? .retry : .answer
        case .never: return .answer
        }
    }

    /// How long a request may look for a living endpoint: the detector finds a refusing one within 1.6 s and a silent
    /// one within 2.6 s (routing.md, Health).
    static let patienceMilliseconds: UInt64 = 3_000

    /// The connection failed, not the request, and sending it again harms nobody: when a whole region dies, that costs
    /// time and not failure (routing.md, Retries).
    func mayWait(after error: ExchangeError, now: LoopTime) -> Bool {
        // Where health knows that nobody is well, nothing is gained by waiting for its word.
        guard canReplay, !decision.isPanic, now < startedAt.advanced(milliseconds: Exchange.patienceMilliseconds) else {
            return false
        }
        switch error.reason {
        case .connectionRefused: return error.retry == .safe
        case .connectionTerminated:
            return error.retry == .safe
                || error.retry == .ifIdempotent && isRepeatable && !hasFollowedOwner
                    && terms.isRetrying && terms.isCause(.reset) && attempts < Exchange.maxAttempts
        default: return false
        }
    }

    /// Notes where the next attempt goes.
    mutating func attemptBegan(at endpoint: EndpointID) { place = trail.began(at: endpoint, why) }

    /// Notes why the present attempt was left.
    mutating func attemptFailed(_ reason: ExchangeError.Reason) { trail.left(place, reason) }

    /// Body octets that the present attempt has not sent.
    var requestReady: Int { requestBody.count - requestTaken }

    init(
        tag: StreamTag, downstream: DownstreamConnection, stream: StreamID, head: HeaderBlock, now: LoopTime
    ) {
        self.tag = tag
        self.downstream = Unmanaged.passUnretained(downstream)
        downstreamStream = stream
        requestHead = head
        startedAt = now
        progressAt = now
        deadline = .distantFuture
    }
}
