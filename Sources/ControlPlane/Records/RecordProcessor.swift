import Model
import Policy

/// What becomes of one record: a line, an observation, an event. Values in, values out; the reader does the I/O.
struct RecordProcessor: Sendable {
    /// An event to emit.
    struct Fallback: Equatable {
        let subject: String
        let cause: String
        let generation: UInt64
    }

    /// Nil: no access log.
    var sample: Double?
    private var names: [LogNames]
    private var formatter = AccessLogFormatter()
    private var random: SplitMix64
    private(set) var lines = LineBuffer(capacity: 128 * 1_024)
    private(set) var fallbacks: [Fallback] = []
    private(set) var filter = FallbackFilter()
    private(set) var histograms = LatencyHistograms()
    private var endpoints = EndpointTally()
    private(set) var malformed: UInt64 = 0
    private(set) var logged: UInt64 = 0

    init(names: LogNames, sample: Double?, seed: UInt64) {
        (self.names, self.sample, random) = ([names], sample, SplitMix64(seed: seed))
    }

    /// Names of a new configuration. Those of the one before are kept for the records that are still on their way.
    mutating func adopt(_ fresh: LogNames) {
        // A route's id is its position: after such a change the old numbers would stand under another route's name.
        if fresh.routes != names[0].routes { histograms = LatencyHistograms() }
        names = [fresh, names[0]]
    }

    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        guard let (record, texts) = RecordTexts.parse(bytes) else {
            malformed += 1
            return
        }
        switch record.kind {
        case .request:
            let key = LatencyHistograms.Key(route: record.route, region: record.region, cell: record.cell)
            histograms.add(key, microseconds: record.durationMicroseconds)
            endpoints.take(record)
            guard isSampled(record) else { return }
            formatter.append(record, texts: texts, names: names(for: record), to: &lines)
            logged += 1
        case .regionFallback:
            guard let suppressed = filter.admit(record) else { return }
            fallbacks.append(RecordProcessor.fallback(record, names(for: record), suppressed))
        }
    }

    /// Asked for only where a name is needed: a copy costs six retains, half of what a record would cost without.
    private func names(for record: RequestRecord) -> LogNames {
        record.generation >= names[0].firstGeneration ? names[0] : names[names.count - 1]
    }

    /// Errors made by the edge are always logged.
    private mutating func isSampled(_ record: RequestRecord) -> Bool {
        guard let sample else { return false }
        if sample >= 1 || record.error != 0 || record.reason.rawValue >= Reason.residencyDenied.rawValue { return true }
        return Double(random.next() >> 11) * 0x1p-53 < sample
    }

    /// Hands out what is ready to be written and told. `spare` is an empty buffer that takes the place of the lines'.
    mutating func takeOutput(_ spare: inout LineBuffer) -> [Fallback] {
        swap(&lines, &spare)
        defer { fallbacks.removeAll(keepingCapacity: true) }
        return fallbacks
    }

    /// What requests met at endpoints since the last call.
    mutating func takeObservations() -> [EndpointObservation] { endpoints.takeAll() }

    private static func fallback(_ record: RequestRecord, _ names: LogNames, _ suppressed: UInt64) -> Fallback {
        let wanted = names.text(of: record.wantedRegion)
        var cause = "x-region asked for \(wanted), which takes no requests now; \(names.text(of: record.region)) serves"
        if suppressed > 0 { cause += "; \(suppressed) more since the event before" }
        return Fallback(
            subject: "\(names.text(of: record.route))/\(wanted)", cause: cause, generation: record.generation)
    }
}
