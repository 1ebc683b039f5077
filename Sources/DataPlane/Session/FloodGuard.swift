import Model

/// Counts what a well-behaved client hardly does, and says when it is too much (limits.md, A6–A8). Pure.
struct FloodGuard: Equatable {
    private var early: TokenBucket
    private var glitches: TokenBucket
    private let overheadAllowance: Int
    private var receivedBytes = 0
    private var usefulBytes = 0
    private var isExhausted = false
    private var glitchesPending = 0

    init(_ limits: Limits, now: LoopTime) {
        early = TokenBucket(burst: limits.earlyResetBurst, perSecond: limits.earlyResetsPerSecond, now: now)
        glitches = TokenBucket(burst: limits.glitchBurst, perSecond: limits.glitchesPerSecond, now: now)
        overheadAllowance = limits.overheadAllowanceBytes
    }

    /// Octets came from the client, of any kind.
    mutating func received(_ byteCount: Int) { receivedBytes += byteCount }

    /// Octets of header fields or bodies passed, in either direction.
    mutating func useful(_ byteCount: Int) { usefulBytes += byteCount }

    /// A stream ended by a reset, of either side.
    mutating func streamDied(now: LoopTime) { if !early.take(1, now: now) { isExhausted = true } }

    mutating func glitched(_ score: Int) { glitchesPending += score }

    /// Too much: the connection is to be told to calm down.
    mutating func isFlooded(now: LoopTime) -> Bool {
        if glitchesPending > 0 {
            if !glitches.take(glitchesPending, now: now) { isExhausted = true }
            glitchesPending = 0
        }
        return isExhausted || receivedBytes / 8 > usefulBytes + overheadAllowance
    }
}

/// So many at once, so many a second.
struct TokenBucket: Equatable {
    private let burst: Int
    private let perSecond: Int
    private var left: Int
    private var refilledAt: LoopTime

    init(burst: Int, perSecond: Int, now: LoopTime) {
        (self.burst, self.perSecond, left, refilledAt) = (burst, perSecond, burst, now)
    }

    /// Takes `count`; false, and empty, when there are fewer.
    mutating func take(_ count: Int, now: LoopTime) -> Bool {
        refill(now)
        left = max(-1, left - count)
        return left >= 0
    }

    /// Whole ones are earned; the time of a fraction counts for the next one.
    private mutating func refill(_ now: LoopTime) {
        guard perSecond > 0, left < burst else {
            refilledAt = max(refilledAt, now)
            return
        }
        let nanosecondsEach = 1_000_000_000 / UInt64(perSecond)
        let earned = now.nanoseconds(since: refilledAt) / max(1, nanosecondsEach)
        guard earned > 0 else { return }
        left = earned >= UInt64(burst - left) ? burst : left + Int(earned)
        refilledAt = left == burst ? now : refilledAt.advanced(nanoseconds: earned * nanosecondsEach)
    }
}
