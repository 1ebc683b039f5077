/// An instant on an event loop's monotonic clock, read once a tick. Nanoseconds since an arbitrary start.
public struct LoopTime: Comparable, Hashable, Sendable, BitwiseCopyable {
    public var nanoseconds: UInt64
    @inlinable public static var zero: LoopTime { LoopTime(nanoseconds: 0) }
    /// Later than every instant a loop will see.
    @inlinable public static var distantFuture: LoopTime { LoopTime(nanoseconds: .max) }

    @inlinable public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    @inlinable public static func < (a: LoopTime, b: LoopTime) -> Bool { a.nanoseconds < b.nanoseconds }

    /// Later by so much, or `distantFuture`: a deadline too far away to be told never wraps into the past.
    @inlinable public func advanced(milliseconds: UInt64) -> LoopTime {
        let (length, isTooLong) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return isTooLong ? .distantFuture : advanced(nanoseconds: length)
    }

    /// Later by so much, or `distantFuture`.
    @inlinable public func advanced(nanoseconds more: UInt64) -> LoopTime {
        let (sum, isTooLate) = nanoseconds.addingReportingOverflow(more)
        return isTooLate ? .distantFuture : LoopTime(nanoseconds: sum)
    }

    /// Nanoseconds from `earlier` to here; 0 when `earlier` is later, so that a reordered pair never wraps.
    @inlinable public func nanoseconds(since earlier: LoopTime) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
    }

    /// Whole milliseconds from `earlier` to here; 0 when `earlier` is later.
    @inlinable public func milliseconds(since earlier: LoopTime) -> UInt64 { nanoseconds(since: earlier) / 1_000_000 }
}
