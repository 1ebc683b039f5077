public import Model

/// Deadlines, cheap to set and to cancel: most never come. A pure value; time is passed in.
///
/// A tick is 2²⁰ ns (1.05 ms); a deadline is rounded up to a tick, so nothing fires early. Eight levels of 64 slots
/// cover every `LoopTime`. A timer lies at the level of the highest 6-bit digit in which its tick differs from the
/// present one, in the slot of its own digit there. When the present reaches a slot's first tick, the slot's timers
/// move down a level or fall due; so each moves at most seven times, and those of one tick come in the order set.
///
///     level 1   │ 0 │ 1 │ 2 │ … │ 63 │    64 ticks a slot
///                     └───────────┐ on its first tick
///     level 0   │ 0 │ 1 │ 2 │ … │ 63 │    one tick a slot → due
public struct TimerWheel: Sendable {
    /// Names one timer, even after it is gone: an id that fired or was cancelled matches nothing.
    public struct ID: Hashable, Sendable, BitwiseCopyable {
        @usableFromInline let index: UInt32
        @usableFromInline let generation: UInt32
        @usableFromInline init(index: UInt32, generation: UInt32) {
            (self.index, self.generation) = (index, generation)
        }
        /// No timer; cancelling it does nothing.
        @inlinable public static var none: ID { ID(index: .max, generation: 0) }
    }

    /// A timer in one of the rings, a ring's own first link, or a free node.
    private struct Node: BitwiseCopyable {
        var token: UInt64 = 0
        var tick: UInt64 = 0
        var next: UInt32
        var previous: UInt32
        /// Goes up when the timer ends.
        var generation: UInt32 = 0
    }

    private static let tickShift: UInt64 = 20
    private static let levelCount = 8
    /// The ring of timers that are due; slots' rings are at `level * 64 + slot`.
    private static let due = UInt32(levelCount * 64)
    private static let noNode = UInt32.max

    /// Timers set and neither fired nor cancelled.
    public private(set) var count = 0
    /// The tick that has been reached: every timer outside the due ring lies beyond it.
    private var elapsed: UInt64
    /// A bit for each slot that holds a timer.
    private var occupied = InlineArray<8, UInt64>(repeating: 0)
    private var nodes: [Node]
    private var firstFree = TimerWheel.noNode

    /// - Parameter now: the first instant that matters; deadlines at or before it are due at once.
    public init(startingAt now: LoopTime = .zero) {
        elapsed = now.nanoseconds >> TimerWheel.tickShift
        nodes = (0...TimerWheel.due).map { Node(next: $0, previous: $0) }
    }

    /// Sets a timer. A deadline that has passed is due in the next tick (never in the same: a timer that sets itself
    /// again must not keep the loop from its sockets).
    public mutating func schedule(_ token: UInt64, at deadline: LoopTime) -> ID {
        let whole = deadline.nanoseconds >> TimerWheel.tickShift
        let tick = (whole << TimerWheel.tickShift) == deadline.nanoseconds ? whole : whole + 1
        let index = takeFreeNode()
        nodes[Int(index)].token = token
        nodes[Int(index)].tick = max(tick, elapsed + 1)
        place(index)
        count += 1
        return ID(index: index, generation: nodes[Int(index)].generation)
    }

    /// Takes a timer back. One that is not there any more, or `.none`, is ignored.
    public mutating func cancel(_ id: ID) {
        guard id.index > TimerWheel.due, Int(id.index) < nodes.count,
            nodes[Int(id.index)].generation == id.generation
        else { return }
        unlink(id.index)
        release(id.index)
    }

    /// No timer falls due before this instant; nil when there is none. It may come before the first deadline, by the
    /// slot that one lies in: then `takeDue` sorts that slot and the answer is later.
    public func nextDeadline() -> LoopTime? {
        if nodes[Int(TimerWheel.due)].next != TimerWheel.due {
            return LoopTime(nanoseconds: elapsed << TimerWheel.tickShift)
        }
        guard let slot = nextSlot() else { return nil }
        // `distantFuture` rounds up to a tick whose nanoseconds no longer fit.
        let fits = slot.tick <= UInt64.max >> TimerWheel.tickShift
        return fits ? LoopTime(nanoseconds: slot.tick << TimerWheel.tickShift) : .distantFuture
    }

    /// Takes one timer that is due at `now`, earliest tick first, and returns its token; nil when there is none left.
    /// One at a time, so that whoever handles it may schedule and cancel in between.
    public mutating func takeDue(at now: LoopTime) -> UInt64? {
        let target = max(elapsed, now.nanoseconds >> TimerWheel.tickShift)
        while true {
            let first = nodes[Int(TimerWheel.due)].next
            if first != TimerWheel.due {
                unlink(first)
                release(first)
                return nodes[Int(first)].token
            }
            guard let slot = nextSlot(), slot.tick <= target else {
                elapsed = target
                return nil
            }
            elapsed = slot.tick
            empty(slot.ring)
        }
    }

    /// Appends the tokens of all timers that are due at `now`, earliest tick first.
    public mutating func advance(to now: LoopTime, into fired: inout [UInt64]) {
        while let token = takeDue(at: now) { fired.append(token) }
    }

    // MARK: Slots

    /// The first occupied slot and its first tick. A lower level's timers all come before a higher one's, and within a
    /// level no slot lies behind the present, so both searches take the first they find.
    private func nextSlot() -> (ring: UInt32, tick: UInt64)? {
        for level in 0..<TimerWheel.levelCount where occupied[level] != 0 {
            let slot = UInt64(occupied[level].trailingZeroBitCount)
            let shift = UInt64(6 * level)
            let tick = (elapsed >> (shift + 6)) << (shift + 6) | slot << shift
            return (UInt32(level * 64) + UInt32(slot), tick)
        }
        return nil
    }

    /// Puts a node where its tick belongs, seen from `elapsed`.
    private mutating func place(_ index: UInt32) {
        let tick = nodes[Int(index)].tick
        guard tick > elapsed else { return append(index, to: TimerWheel.due) }
        let level = (63 - (tick ^ elapsed).leadingZeroBitCount) / 6
        let slot = tick >> UInt64(6 * level) & 63
        occupied[level] |= 1 << slot
        append(index, to: UInt32(level * 64) + UInt32(slot))
    }

    /// Moves all nodes of a slot's ring to where they belong now.
    private mutating func empty(_ ring: UInt32) {
        var index = nodes[Int(ring)].next
        (nodes[Int(ring)].next, nodes[Int(ring)].previous) = (ring, ring)
        occupied[Int(ring) / 64] &= ~(1 << UInt64(ring % 64))
        while index != ring {
            let next = nodes[Int(index)].next
            place(index)
            index = next
        }
    }

    // MARK: Rings

    private mutating func append(_ index: UInt32, to ring: UInt32) {
        let last = nodes[Int(ring)].previous
        (nodes[Int(index)].previous, nodes[Int(index)].next) = (last, ring)
        nodes[Int(last)].next = index
        nodes[Int(ring)].previous = index
    }

    private mutating func unlink(_ index: UInt32) {
        let (previous, next) = (nodes[Int(index)].previous, nodes[Int(index)].next)
        nodes[Int(previous)].next = next
        nodes[Int(next)].previous = previous
        // Alone in its ring: both neighbours are the ring itself.
        if previous == next, next < TimerWheel.due { occupied[Int(next) / 64] &= ~(1 << UInt64(next % 64)) }
    }

    private mutating func takeFreeNode() -> UInt32 {
        let index = firstFree
        guard index != TimerWheel.noNode else {
            nodes.append(Node(next: 0, previous: 0))
            return UInt32(nodes.count - 1)
        }
        firstFree = nodes[Int(index)].next
        return index
    }

    private mutating func release(_ index: UInt32) {
        nodes[Int(index)].generation &+= 1
        nodes[Int(index)].next = firstFree
        firstFree = index
        count -= 1
    }
}
