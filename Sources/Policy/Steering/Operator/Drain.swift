public import Model

/// One drain of a cell or a region, from its start until everything is back (routing.md, Weights, drains, sessions).
///
///     ramping ─admission 0→ moving ─all sessions told→ drained ─deadline→ (streams are reset)
///        │                    │                           │
///        └──── undrain, or the expiry: from any of them ──┴──▶ undraining ─last step→ ended
///                                                                │    ▲
///                                                       errors double undrain again
///                                                                ▼    │
///                                                                held ┘
///
/// Pure: time and the cell's error rate arrive as arguments. The admission never grows while it drains.
public struct Drain: Equatable, Sendable {
    public enum Mode: String, Equatable, Sendable, CaseIterable {
        /// Admission falls step by step, then sessions leave slice by slice.
        case ramp
        /// No new work and no session from now on; requests in flight finish.
        case now
    }

    public enum State: String, Equatable, Sendable, CaseIterable {
        case ramping, moving, drained, undraining, held, ended
    }

    /// What happened, for events.
    enum Happening: Equatable, Sendable {
        case emptied
        case deadlinePassed
        case expired
        case undraining(percent: Int)
        case held(UndrainBrake.Reading)
        case ended
    }

    /// From 1, never used again.
    public let id: UInt32
    public let target: DrainTarget
    /// Names of the region and the cell when it began; no cell: the whole region.
    public let region: String
    public let cell: String
    public let mode: Mode
    public let reason: String
    public let who: String
    public let began: Beginning
    /// At this age it undrains by itself.
    public internal(set) var expiryNanoseconds: UInt64
    /// From full admission to none; 0 with `now`.
    public let overMilliseconds: UInt64
    public private(set) var state: State
    /// Of the target's share of new work, percent.
    public private(set) var admissionPercent: Int
    /// Sessions whose slot is below leave; 0–10,000.
    public private(set) var leavingSlots: UInt16 = 0
    /// Streams still open to it are reset.
    public private(set) var resetsStreams = false
    private(set) var brake: UndrainBrake
    private let rules: Configuration.DrainRules
    /// Where the ramp began: below 100 when it follows on an undrain.
    let firstPercent: Int
    /// When the present step of the undrain began.
    private(set) var stepAt = LoopTime.zero
    private var lastLook = LoopTime.zero

    /// While it undrains the cell's errors are looked at this often.
    static let lookMilliseconds: UInt64 = 1_000
    /// Sessions leave in so many slices.
    private static let slices: UInt64 = 100

    struct Order: Equatable, Sendable {
        var id: UInt32
        var target: DrainTarget
        var region: String
        var cell: String
        var mode: Mode
        var overMilliseconds: UInt64
        var expiryMilliseconds: UInt64
        var reason: String
        var who: String
        /// Where the target's admission is; 100 unless it was draining already.
        var firstPercent = 100
    }

    /// - Parameter errorShare: of the target's requests before the drain, 0–1: what the way back is measured against.
    init(_ order: Order, errorShare: Double, rules: Configuration.DrainRules, began: Beginning) {
        (id, target, region, cell, mode) = (order.id, order.target, order.region, order.cell, order.mode)
        (reason, who, self.began) = (order.reason, order.who, began)
        expiryNanoseconds = Beginning.nanoseconds(order.expiryMilliseconds)
        overMilliseconds = order.mode == .now ? 0 : order.overMilliseconds
        (firstPercent, admissionPercent) = (order.firstPercent, order.firstPercent)
        brake = UndrainBrake(before: errorShare)
        self.rules = rules
        state = firstPercent > 0 ? .ramping : .moving
        if mode == .now { (state, admissionPercent, leavingSlots) = (.drained, 0, 10_000) }
    }

    /// Of the cell, or of the region.
    public var name: String { cell.isEmpty ? region : cell }
    /// It undrains by itself then.
    public var expiresAt: LoopTime { began.instant(atAge: expiryNanoseconds) }
    /// It takes work away from its target.
    public var isInForce: Bool { state != .ended }
    /// On the way out, or out.
    public var isDraining: Bool { state == .ramping || state == .moving || state == .drained }
    /// Neither new work nor a session is left to move.
    public var isEmptied: Bool { state == .drained }

    /// When `advance` wants to be called next.
    public var nextWake: LoopTime {
        switch state {
        case .ramping: began.instant(atAge: min(rampEnd(ofStep: nextStep), expiryNanoseconds))
        case .moving: began.instant(atAge: min(sliceStart(nextSlice), deadline, expiryNanoseconds))
        case .drained: began.instant(atAge: min(resetsStreams ? .max : deadline, expiryNanoseconds))
        case .undraining:
            min(
                stepAt.advanced(milliseconds: rules.undrainHoldMilliseconds),
                lastLook.advanced(milliseconds: Drain.lookMilliseconds))
        case .held, .ended: .distantFuture
        }
    }

    /// Time passed: called at `nextWake`, or any time; what was missed is made up for.
    mutating func advance(_ reading: UndrainBrake.Reading, now: LoopTime) -> [Happening] {
        switch state {
        case .ramping, .moving, .drained: advanceDrain(reading, now)
        case .undraining: advanceUndrain(reading, now)
        case .held, .ended: []
        }
    }

    /// Begins the way back, from where it is, which is held like any step. A held one goes on: whoever says so has seen
    /// the errors, and they are the measure from now on. Sessions that left do not come back.
    mutating func undrain(_ reading: UndrainBrake.Reading, now: LoopTime) -> [Happening] {
        guard isDraining || state == .held else { return [] }
        if state == .held { brake = UndrainBrake(before: reading.errorShare) }
        (state, leavingSlots, resetsStreams) = (.undraining, 0, false)
        (stepAt, lastLook) = (now, now)
        if admissionPercent >= 100 { return end() }
        return admissionPercent == 0 ? takeStep() : [.undraining(percent: admissionPercent)]
    }

    /// All its steps at once, for telling where it leads.
    mutating func empty() { (state, admissionPercent, leavingSlots) = (.drained, 0, 10_000) }

    /// Another one takes its place, or its target is not configured any more.
    mutating func end() -> [Happening] {
        guard state != .ended else { return [] }
        (state, admissionPercent, leavingSlots, resetsStreams) = (.ended, 100, 0, false)
        return [.ended]
    }

    // MARK: Out. Ages are nanoseconds since the beginning.

    private var nextStep: Int { firstPercent - admissionPercent + 1 }
    private var nextSlice: UInt64 { UInt64(leavingSlots) / 100 + 1 }

    /// When the admission has fallen by so many steps of 1 %.
    private func rampEnd(ofStep step: Int) -> UInt64 { Drain.part(step, of: 100, overMilliseconds) }

    /// When so many slices of sessions are to be gone. The first leaves one step after the ramp's end.
    private func sliceStart(_ slice: UInt64) -> UInt64 {
        let (age, isTooLong) = rampEnd(ofStep: firstPercent).addingReportingOverflow(
            Drain.part(Int(slice), of: Int(Drain.slices), rules.sessionsMilliseconds))
        return isTooLong ? .max : age
    }

    /// Counted from the start, but sessions are always given their time.
    private var deadline: UInt64 {
        max(Beginning.nanoseconds(rules.deadlineMilliseconds), mode == .now ? 0 : sliceStart(100))
    }

    /// `step` of `steps` of so many milliseconds, in nanoseconds.
    private static func part(_ step: Int, of steps: Int, _ milliseconds: UInt64) -> UInt64 {
        Beginning.nanoseconds(milliseconds) / UInt64(steps) * UInt64(max(0, step))
    }

    private mutating func advanceDrain(_ reading: UndrainBrake.Reading, _ now: LoopTime) -> [Happening] {
        let age = began.age(at: now)
        if age >= expiryNanoseconds { return [.expired] + undrain(reading, now: now) }
        return follow(age: age)
    }

    /// Goes as far as it is to be at that age.
    mutating func follow(age: UInt64) -> [Happening] {
        var happened: [Happening] = []
        while state == .ramping, age >= rampEnd(ofStep: nextStep) {
            admissionPercent -= 1
            if admissionPercent == 0 { state = .moving }
        }
        while state == .moving, age >= sliceStart(nextSlice) {
            leavingSlots += 100
            guard leavingSlots == 10_000 else { continue }
            state = .drained
            happened.append(.emptied)
        }
        if state == .drained, !resetsStreams, age >= deadline {
            resetsStreams = true
            happened.append(.deadlinePassed)
        }
        return happened
    }

    // MARK: Back

    private mutating func advanceUndrain(_ reading: UndrainBrake.Reading, _ now: LoopTime) -> [Happening] {
        if now >= lastLook.advanced(milliseconds: Drain.lookMilliseconds) { lastLook = now }
        if brake.stops(reading) {
            state = .held
            return [.held(reading)]
        }
        // One step a call: a process that stood still must not skip the holds.
        guard now >= stepAt.advanced(milliseconds: rules.undrainHoldMilliseconds) else { return [] }
        stepAt = now
        return takeStep()
    }

    /// Goes on with the way back after a restart. What the step met before is not known any more.
    mutating func resume(_ state: State, at percent: Int, now: LoopTime) {
        (self.state, admissionPercent, leavingSlots, resetsStreams) = (state, percent, 0, false)
        (stepAt, lastLook) = (now, now)
    }

    private mutating func takeStep() -> [Happening] {
        guard let next = rules.undrainSteps.first(where: { $0 > admissionPercent }), next < 100 else { return end() }
        admissionPercent = next
        return [.undraining(percent: next)]
    }
}
