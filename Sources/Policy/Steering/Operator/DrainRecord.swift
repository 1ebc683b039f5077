import Model

/// A drain as it outlives the process. While it drains nothing in here changes: where it stands follows from the time.
public struct DrainRecord: Equatable, Sendable {
    public var id: UInt32
    public var region: String
    /// Empty: the whole region.
    public var cell: String
    public var mode: Drain.Mode
    /// `ramping` all the while it drains.
    public var state: Drain.State
    public var reason: String
    public var who: String
    public var began: Beginning
    /// From its beginning.
    public var expiryNanoseconds: UInt64
    public var overMilliseconds: UInt64
    /// Percent of its share where the ramp began.
    public var firstPercent: Int
    /// Percent of its share that the step of an undrain gave back; where the ramp began, while it drains.
    public var admissionPercent: Int
    /// When that step began; nil while it drains, and once it has ended.
    public var stepBegan: Beginning?
    /// Share of errors before it began, 0–1.
    public var errorShareBefore: Double

    public init(
        id: UInt32, region: String, cell: String, mode: Drain.Mode, state: Drain.State, reason: String, who: String,
        began: Beginning, expiryNanoseconds: UInt64, overMilliseconds: UInt64, firstPercent: Int,
        admissionPercent: Int, stepBegan: Beginning?, errorShareBefore: Double
    ) {
        (self.id, self.region, self.cell, self.mode, self.state) = (id, region, cell, mode, state)
        (self.reason, self.who, self.began) = (reason, who, began)
        (self.expiryNanoseconds, self.overMilliseconds) = (expiryNanoseconds, overMilliseconds)
        (self.firstPercent, self.admissionPercent) = (firstPercent, admissionPercent)
        (self.stepBegan, self.errorShareBefore) = (stepBegan, errorShareBefore)
    }
}

extension Drain {
    /// What must outlive the process.
    public var record: DrainRecord {
        let isOnItsWayBack = state == .undraining || state == .held
        return DrainRecord(
            id: id, region: region, cell: cell, mode: mode, state: isDraining ? .ramping : state, reason: reason,
            who: who, began: began, expiryNanoseconds: expiryNanoseconds, overMilliseconds: overMilliseconds,
            firstPercent: firstPercent, admissionPercent: isDraining ? firstPercent : admissionPercent,
            stepBegan: isOnItsWayBack ? Beginning(stepAt) : nil, errorShareBefore: brake.before)
    }

    /// Goes on where the record and the time since leave it. One that drains stands where it would stand, but no
    /// further than its expiry, which is then due; a step of the way back is held anew.
    init(_ record: DrainRecord, target: DrainTarget, rules: Configuration.DrainRules, now: LoopTime) {
        let order = Order(
            id: record.id, target: target, region: record.region, cell: record.cell, mode: record.mode,
            overMilliseconds: record.overMilliseconds, expiryMilliseconds: 0, reason: record.reason, who: record.who,
            firstPercent: min(100, max(0, record.firstPercent)))
        self.init(order, errorShare: record.errorShareBefore, rules: rules, began: record.began)
        expiryNanoseconds = record.expiryNanoseconds
        switch record.state {
        case .ramping, .moving, .drained: _ = follow(age: min(began.age(at: now), expiryNanoseconds))
        case .undraining, .held: resume(record.state, at: min(100, max(0, record.admissionPercent)), now: now)
        case .ended: _ = end()
        }
    }
}
