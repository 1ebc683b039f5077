import Glibc
public import Model
public import Policy
import Synchronization

/// Reads the workers' rings on a thread of its own: access-log lines, events of requests, latency histograms.
///
///     ring, ring, … ─drain→ RecordProcessor ─→ lines → LogFile
///                                           ├→ fallbacks → EventBus
///                                           ├→ observations → Steering
///                                           ├→ events → EventBus
///                                           ├→ owners → whoever steers
///                                           └→ histograms → metrics page
///
/// A worker never waits for it: what does not fit into a ring is dropped there and counted.
public final class RecordReader: Sendable {
    /// Pause after a pass that found records, and the longest when idle.
    static let shortestPauseMilliseconds: UInt64 = 20
    static let longestPauseMilliseconds: UInt64 = 100
    /// What requests met at endpoints is handed over so often.
    static let observationMilliseconds: UInt64 = 250
    /// Records of one ring taken before the next one's turn, so that one busy worker does not fill the others' rings;
    /// about 1 ms of formatting, for which the processor is locked.
    static let turn = 1_024

    /// Told what requests met at endpoints, on the reader's thread, while there are any: must not block.
    public typealias Observe = @Sendable ([EndpointObservation]) -> Void

    /// What the metrics page shows.
    public struct Statistics: Sendable {
        public var dropped: UInt64
        public var malformed: UInt64
        public var logged: UInt64
        public var writeFailures: UInt64
        public var fallbacksSuppressed: UInt64
        public var histograms: LatencyHistograms
    }

    /// Told what a 421 taught, on the reader's thread: must not block.
    public typealias LearnOwner = @Sendable (OwnerLearned) -> Void

    private struct Rings {
        var all: [RecordRing]
        /// What found no room in those let go.
        var dropped: UInt64 = 0
    }

    private struct Output {
        var file: LogFile?
        /// Of files before this one.
        var failures: UInt64 = 0
    }

    private let rings: Mutex<Rings>
    private let output: Mutex<Output>
    private let events: EventBus
    private let learnOwner: LearnOwner
    private let processor: Mutex<RecordProcessor>
    /// The lines being written, of the reader's thread alone; changes place with the processor's.
    private nonisolated(unsafe) var spare = LineBuffer(capacity: 128 * 1_024)
    private let observe: Observe
    private let clock: ControlClock
    /// Of the reader's thread alone.
    private nonisolated(unsafe) var nextObservation = LoopTime.zero
    /// The file of the last pass; of the reader's thread alone.
    private nonisolated(unsafe) var written: LogFile?
    private let isStopping = Atomic(false)
    private let thread = Mutex<pthread_t?>(nil)

    /// - Parameters:
    ///   - file: nil where the configuration has no access log; the rings are read all the same.
    ///   - sample: 0–1, the share of requests logged; errors made by the edge always are.
    public init(
        rings: [RecordRing], file: LogFile?, sample: Double, names: LogNames, events: EventBus, seed: UInt64,
        clock: ControlClock = .system, observe: @escaping Observe = { _ in },
        learnOwner: @escaping LearnOwner = { _ in }
    ) {
        self.rings = Mutex(Rings(all: rings))
        output = Mutex(Output(file: file))
        self.events = events
        (self.clock, self.observe, self.learnOwner) = (clock, observe, learnOwner)
        processor = Mutex(RecordProcessor(names: names, sample: file == nil ? nil : sample, seed: seed))
    }

    /// Any thread, when a configuration was applied, or endpoints came and went.
    /// - Parameter sample: nil: as before.
    public func adopt(_ names: LogNames, sample: Double? = nil) {
        processor.withLock { processor in
            processor.adopt(names)
            if let sample, processor.sample != nil { processor.sample = sample }
        }
    }

    /// Any thread, before the snapshot is published: the access log says what its generation was like.
    public func adopt(_ snapshot: Snapshot) { processor.withLock { $0.adopt(snapshot) } }

    /// Any thread: the rings of the workers that there are now. Those of workers that have ended are read to their end
    /// and let go by themselves.
    public func adopt(rings: [RecordRing]) {
        self.rings.withLock { known in
            for ring in rings where !known.all.contains(where: { $0 === ring }) { known.all.append(ring) }
        }
    }

    /// The file of that path for `log`: the present one, or another, opened. Nil: no access log.
    public func file(at path: String?) throws(LogFileError) -> LogFile? {
        guard let path else { return nil }
        if let present = output.withLock({ $0.file }), present.path == path { return present }
        return try LogFile(path: path)
    }

    /// Any thread: where lines go from now on, and how many of them.
    public func log(to file: LogFile?, sample: Double) {
        processor.withLock { $0.sample = file == nil ? nil : sample }
        output.withLock { output in
            if output.file !== file { output.failures += output.file?.failures ?? 0 }
            output.file = file
        }
    }

    /// What a sample of the last minute's requests would have met over a snapshot with this process's ids. Some 100 ms
    /// of work for whoever asks.
    @concurrent
    public func whatIf(_ snapshot: Snapshot) async -> Status.WhatIf {
        let second = clock.wallNanoseconds() / 1_000_000_000
        return processor.withLock { $0.whatIf(at: second) }.run(over: snapshot)
    }

    /// Any thread: SIGUSR1.
    public func reopenLog() { output.withLock { $0.file }?.reopen() }

    public var statistics: Statistics {
        let dropped = rings.withLock { rings in rings.all.reduce(rings.dropped) { $0 + UInt64($1.dropped) } }
        let failures = output.withLock { $0.failures + ($0.file?.failures ?? 0) }
        return processor.withLock { processor in
            Statistics(
                dropped: dropped, malformed: processor.malformed, logged: processor.logged,
                writeFailures: failures, fallbacksSuppressed: processor.filter.suppressed,
                histograms: processor.histograms)
        }
    }

    /// One pass over all rings; the reader's thread, or a test. Says whether there was anything, and whether a ring
    /// still has more.
    @discardableResult
    func pass(
        nowSeconds: UInt64 = ControlClock.system.wallNanoseconds() / 1_000_000_000
    ) -> (foundAny: Bool, isBehind: Bool) {
        let file = openFile()
        var (total, isBehind) = (0, false)
        for ring in rings.withLock({ $0.all }) {
            // Asked before: what comes between is not missed.
            let hasEnded = ring.hasEnded
            let count = processor.withLock { processor in
                ring.drain(limit: RecordReader.turn) { processor.take($0) }
            }
            total += count
            isBehind = isBehind || count == RecordReader.turn
            if hasEnded, count < RecordReader.turn { letGo(of: ring) }
        }
        // Not under the lock: a write may wait, and the metrics page must not wait with it.
        let (told, migrations) = processor.withLock {
            ($0.takeOutput(&spare), $0.takeMigrations(before: nowSeconds))
        }
        // What a write lost may have been what the other lines go by: it is told anew.
        if file?.write(spare.bytes) == false { processor.withLock { $0.beginFile() } }
        spare.clear()
        for one in told.occurrences + migrations {
            events.emit(one.kind, subject: one.subject, cause: one.cause, generation: one.generation)
        }
        handOverObservations()
        for owner in told.owners { learnOwner(owner) }
        return (total > 0, isBehind)
    }

    /// Where the lines of this pass go. The first lines in a file say what the others go by.
    private func openFile() -> LogFile? {
        let file = output.withLock { $0.file }
        let isAnew = file?.openIfAsked() == true
        if isAnew || file !== written { processor.withLock { $0.beginFile() } }
        written = file
        return file
    }

    private func letGo(of ring: RecordRing) {
        rings.withLock { rings in
            rings.all.removeAll { $0 === ring }
            rings.dropped += UInt64(ring.dropped)
        }
    }

    private func handOverObservations() {
        let now = clock.now()
        if now < nextObservation { return }
        let observations = processor.withLock { $0.takeObservations() }
        if observations.isEmpty { return }
        nextObservation = now.advanced(milliseconds: RecordReader.observationMilliseconds)
        observe(observations)
    }

    /// Once.
    public func start() {
        var id = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let code = pthread_create(
            &id, nil,
            { context in
                guard let context else { return nil }
                let reader = Unmanaged<RecordReader>.fromOpaque(context).takeRetainedValue()
                RecordReader.nameThread()
                reader.run()
                return nil
            }, context)
        precondition(code == 0, "no thread for the record reader: errno \(code)")
        thread.withLock { $0 = id }
    }

    /// For top and gdb. Through /proc, because Glibc's module has no pthread_setname_np without _GNU_SOURCE.
    private static func nameThread() {
        let descriptor = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        if descriptor < 0 { return }
        _ = write(descriptor, "records", 7)
        close(descriptor)
    }

    private func run() {
        var pause = RecordReader.shortestPauseMilliseconds
        while !isStopping.load(ordering: .acquiring) {
            let (foundAny, isBehind) = pass()
            if isBehind { continue }
            pause = RecordReader.nextPause(after: pause, foundAny: foundAny)
            usleep(UInt32(pause * 1_000))
        }
        while pass(nowSeconds: .max).isBehind {}
    }

    static func nextPause(after pause: UInt64, foundAny: Bool) -> UInt64 {
        foundAny ? shortestPauseMilliseconds : min(pause * 2, longestPauseMilliseconds)
    }

    /// Reads what is left, writes it and ends the thread; waits for that (≤ 100 ms and one write). The workers must
    /// have ended before, or their last records stay in the rings.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        if let id = thread.withLock({ $0.take() }) { pthread_join(id, nil) }
    }
}
