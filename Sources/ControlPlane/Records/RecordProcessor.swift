import Model
import Policy

/// What becomes of one record: a line, an observation, an event. Values in, values out; the reader does the I/O.
struct RecordProcessor: Sendable {
    /// An event to emit.
    struct Occurrence: Equatable {
        let kind: EventKind
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
    private(set) var occurrences: [Occurrence] = []
    /// Owners that replication backends named.
    private(set) var owners: [OwnerLearned] = []
    private(set) var filter = FallbackFilter()
    private var migrations = MigrationTally()
    private var misroutes = FallbackFilter()
    private var denials = FallbackFilter()
    private(set) var histograms = LatencyHistograms()
    private var endpoints = EndpointTally()
    private(set) var malformed: UInt64 = 0
    private(set) var logged: UInt64 = 0
    private var generations: GenerationLog
    private let run: [UInt8]
    private var decisions: DecisionSample

    init(names: LogNames, sample: Double?, seed: UInt64) {
        (self.names, self.sample, random) = ([names], sample, SplitMix64(seed: seed))
        generations = GenerationLog(seed: seed)
        run = Array(generations.run.utf8)
        decisions = DecisionSample(seed: seed)
        generations.adopt(names.snapshot)
    }

    /// Before it is published.
    mutating func adopt(_ snapshot: Snapshot) { generations.adopt(snapshot) }

    /// Lines go into another file from here on.
    mutating func beginFile() { generations.beginFile() }

    /// The minute before that second (since 1970).
    mutating func whatIf(at second: UInt64) -> WhatIf {
        generations.settle()
        let (requests, seen) = decisions.drawn(at: second)
        return WhatIf(requests: requests, seen: seen, generations: generations)
    }

    /// Names of a new configuration. Those of the one before are kept for the records that are still on their way.
    mutating func adopt(_ fresh: LogNames) {
        // A route's id is its position: after such a change the old numbers would stand under another route's name.
        if fresh.routes != names[0].routes { histograms = LatencyHistograms() }
        names = [fresh, names[0]]
        generations.adopt(fresh.snapshot)
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
            let isDecided = record.decision.generation > 0
            if isDecided, let place = decisions.admit(at: record.startedAt) {
                let route = record.route == .none ? "" : names(for: record).text(of: record.route)
                decisions.put(ReplayedRequest(record, texts, route: route), at: place)
            }
            guard isSampled(record) else { return }
            if isDecided { generations.announce(record.decision.generation, to: &lines) }
            formatter.append(record, texts: texts, names: names(for: record), run: run, to: &lines)
            logged += 1
        case .regionFallback:
            guard let suppressed = filter.admit(record) else { return }
            tell(.regionFallback, record, suppressed)
        case .sessionMoved: migrations.add(record)
        case .misroute:
            guard let suppressed = misroutes.admit(record) else { return }
            tell(.misroute, record, suppressed)
        case .residencyDenied:
            guard let suppressed = denials.admit(record) else { return }
            tell(.residencyDenied, record, suppressed)
        case .ownerLearned:
            guard let dataset = dataset(of: record) else { return }
            owners.append(OwnerLearned(dataset: dataset, owner: record.region, epoch: record.epoch))
        }
    }

    /// Nil: of a configuration so old that nobody knows its names any more.
    private func dataset(of record: RequestRecord) -> String? {
        let names = names(for: record)
        return record.generation < names.firstGeneration ? nil : names.text(ofDatasetOf: record.route)
    }

    private mutating func tell(_ kind: EventKind, _ record: RequestRecord, _ suppressed: UInt64) {
        let names = names(for: record)
        var cause = RecordProcessor.cause(kind, record, names)
        if suppressed > 0 { cause += "; \(suppressed) more since the event before" }
        occurrences.append(
            Occurrence(
                kind: kind, subject: "\(names.text(of: record.route))/\(names.text(of: record.wantedRegion))",
                cause: cause, generation: record.generation))
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
    mutating func takeOutput(_ spare: inout LineBuffer) -> (occurrences: [Occurrence], owners: [OwnerLearned]) {
        generations.settle()
        swap(&lines, &spare)
        defer {
            occurrences.removeAll(keepingCapacity: true)
            owners.removeAll(keepingCapacity: true)
        }
        return (occurrences, owners)
    }

    /// What requests met at endpoints since the last call.
    mutating func takeObservations() -> [EndpointObservation] { endpoints.takeAll() }

    /// Sessions that moved before that second (since 1970).
    mutating func takeMigrations(before second: UInt64) -> [Occurrence] {
        migrations.take(before: second).map { move, count in
            let (from, to) = (names[0].text(of: move.from), names[0].text(of: move.to))
            let why = move.isByDrain ? "\(from) is being drained" : "\(from) cannot serve them"
            let sessions = count.sessions == 1 ? "1 session" : "\(count.sessions) sessions"
            return Occurrence(
                kind: .sessionsMigrated, subject: from, cause: "\(sessions) moved to \(to): \(why)",
                generation: count.generation)
        }
    }

    private static func cause(_ kind: EventKind, _ record: RequestRecord, _ names: LogNames) -> String {
        let wanted = names.text(of: record.wantedRegion)
        let serves = record.region == .none ? nil : names.text(of: record.region)
        switch kind {
        case .misroute:
            let end =
                serves.map { "forwarded to \($0)" } ?? (record.reason == .misroute ? "sent back" : "turned away")
            return "a tenant at home in \(wanted) came here; \(end)"
        case .residencyDenied:
            return record.reason == .residencyViolation
                ? "a request was on its way out of its tenant's fence to \(serves ?? "-") and was stopped: a bug"
                : "no region of the jurisdictions that the tenant's data may be in is configured"
        default: return "x-region asked for \(wanted), which takes no requests now; \(serves ?? "-") serves"
        }
    }
}
