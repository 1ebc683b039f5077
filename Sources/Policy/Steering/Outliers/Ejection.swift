import Model

/// How often an endpoint was ejected, and until when it is.
///
///     in ─eject→ out ─`until`→ in     each span longer than the last, shorter again after time spent well
///
/// The count goes down by one each time the endpoint stays in for as long as it was out.
struct Ejection: Equatable, Sendable {
    private(set) var count: UInt64 = 0
    /// `distantFuture`: it is in.
    private(set) var until = LoopTime.distantFuture
    private(set) var isOut = false
    private(set) var cause = ""
    private var spanNanoseconds: UInt64 = 0
    /// Since then it has been doing well.
    private var wellSince = LoopTime.zero
    init() {}

    mutating func eject(_ cause: String, _ settings: Configuration.Outliers, now: LoopTime) {
        decay(now: now)
        count += 1
        let milliseconds = settings.ejectionMilliseconds.multipliedReportingOverflow(by: count)
        let longest = settings.maxEjectionMilliseconds
        let span = milliseconds.overflow ? longest : min(milliseconds.partialValue, longest)
        until = now.advanced(milliseconds: span)
        spanNanoseconds = until.nanoseconds(since: now)
        (isOut, self.cause) = (true, cause)
    }

    mutating func restore(now: LoopTime) { (isOut, until, wellSince) = (false, .distantFuture, now) }

    /// Probes found it down: the time until now counts, the time from now on does not until it is up again.
    mutating func fellIll(now: LoopTime) {
        decay(now: now)
        wellSince = .distantFuture
    }

    mutating func recovered(now: LoopTime) { if !isOut { wellSince = now } }

    private mutating func decay(now: LoopTime) {
        guard spanNanoseconds > 0, count > 0 else { return }
        let spans = now.nanoseconds(since: wellSince) / spanNanoseconds
        count -= min(count, spans)
        if spans > 0 { wellSince = wellSince.advanced(nanoseconds: spans * spanNanoseconds) }
    }
}
