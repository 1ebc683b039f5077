import Glibc
import Logging
import Model
import Policy
import Support
import Synchronization
import Testing

@testable import ControlPlane

struct RecordReaderTests {
    static let rows: [(line: String, sample: Double, record: @Sendable (inout RequestRecord) -> Void)] = [
        (
            """
            {"time":"2024-02-29T12:34:56.123456Z","request_id":"r-1","client":"127.0.0.1:4711","listener":"public",\
            "protocol":"h2","method":"GET","authority":"a.example","path":"/x?y=\\"1\\"","route":"default",\
            "tenant":null,"region":"us-east","cell":"use-a","endpoint":"127.0.0.1:7102","reason":"weight",\
            "stage_facts":{},"generation":1,"attempts":[{"endpoint":"127.0.0.1:7102","error":null,"why":"first"}],\
            "status":200,"error":null,"bytes_in":0,"bytes_out":1234,"duration_us":567,"upstream_us":450,"facts":null}\n
            """, 1, { _ in }
        ),
        (  // a retry, an IPv6 client, a fallback
            """
            {"time":"2024-02-29T12:34:56.123456Z","request_id":"r-1","client":"[2001:db8::1]:4711",\
            "listener":"public","protocol":"h2","method":"POST","authority":"a.example","path":"/x?y=\\"1\\"",\
            "route":"default","tenant":null,"region":"us-east","cell":"use-a","endpoint":"127.0.0.1:7101",\
            "reason":"region_fallback","stage_facts":{"wanted_region":"eu-west"},"generation":1,\
            "attempts":[{"endpoint":"127.0.0.1:7102","error":"connection_refused","why":"first"},\
            {"endpoint":"127.0.0.1:7101","error":null,"why":"resend"}],"status":200,"error":null,"bytes_in":0,\
            "bytes_out":1234,"duration_us":567,"upstream_us":450,"facts":null}\n
            """, 1,
            {
                $0.client = IPAddress(high: 0x2001_0DB8 << 32, low: 1)
                $0.method = .post
                $0.reason = .regionFallback
                $0.wantedRegion = RegionID(rawValue: 1)
                $0.attemptCount = 2
                $0.endpoints.1 = EndpointID(rawValue: 0)
                $0.attemptErrors.0 = ExchangeError.Reason.connectionRefused.rawValue + 1
                $0.attemptWhys.1 = .resend
            }
        ),
        (  // a hedge that the first attempt outran
            """
            {"time":"2024-02-29T12:34:56.123456Z","request_id":"r-1","client":"127.0.0.1:4711","listener":"public",\
            "protocol":"h2","method":"GET","authority":"a.example","path":"/x?y=\\"1\\"","route":"default",\
            "tenant":null,"region":"us-east","cell":"use-a","endpoint":"127.0.0.1:7102","reason":"weight",\
            "stage_facts":{},"generation":1,"attempts":[{"endpoint":"127.0.0.1:7102","error":null,"why":"first"},\
            {"endpoint":"127.0.0.1:7101","error":"outrun","why":"hedge"}],"status":200,"error":null,"bytes_in":0,\
            "bytes_out":1234,"duration_us":567,"upstream_us":450,"facts":null}\n
            """, 1,
            {
                $0.attemptCount = 2
                $0.endpoints.1 = EndpointID(rawValue: 0)
                $0.attemptErrors.1 = ExchangeError.Reason.outrun.rawValue + 1
                $0.attemptWhys.1 = .hedge
            }
        ),
        (  // refused before any stage: nothing has a name; logged whatever the sample
            """
            {"time":"2024-02-29T12:34:56.123456Z","request_id":"r-1","client":"unix","listener":null,"protocol":"h2",\
            "method":"OTHER","authority":"a.example","path":"/x?y=\\"1\\"","route":null,"tenant":null,"region":null,\
            "cell":null,"endpoint":null,"reason":"no_route","stage_facts":{},"generation":1,"attempts":[],\
            "status":404,"error":"http_request_denied","bytes_in":0,"bytes_out":1234,"duration_us":567,\
            "upstream_us":450,"facts":null}\n
            """, 0,
            {
                $0.client = IPAddress(v4: 0)
                $0.listener = 9
                $0.method = .other
                ($0.route, $0.region, $0.cell) = (.none, .none, .none)
                $0.reason = .noRoute
                $0.attemptCount = 0
                $0.status = 404
                $0.error = ExchangeError.Reason.httpRequestDenied.rawValue + 1
            }
        ),
        ("", 0, { _ in }),
    ]

    @Test("a record becomes one line with the fixed names", arguments: rows.indices)
    func writesLines(index: Int) throws {
        let row = Self.rows[index]
        let scratch = try ScratchLog()
        let ring = RecordRing(capacity: 4_096)
        let reader = try makeReader(ring, path: scratch.path, sample: row.sample)
        var record = Self.record
        row.record(&record)
        write(record, to: ring)
        reader.pass()
        #expect(scratch.text == row.line)
        #expect(reader.statistics.logged == (row.line.isEmpty ? 0 : 1))
        #expect(reader.statistics.histograms.series.map(\.count) == [1])
    }

    @Test func tenantIsEscapedLikeAnyText() throws {
        let scratch = try ScratchLog()
        let ring = RecordRing(capacity: 4_096)
        let reader = try makeReader(ring, path: scratch.path)
        write(Self.record, tenant: "ac\"me\n", to: ring)
        reader.pass()
        #expect(scratch.text.contains("\"tenant\":\"ac\\\"me\\n\","))
    }

    @Test func sharesOfTheSampleAreLogged() throws {
        let scratch = try ScratchLog()
        let ring = RecordRing(capacity: 1 << 20)
        let reader = try makeReader(ring, path: scratch.path, sample: 0.25)
        for _ in 0..<2_000 { write(Self.record, to: ring) }
        while reader.pass().isBehind {}
        #expect((400...600).contains(reader.statistics.logged))
        #expect(scratch.text.split(separator: "\n").count == Int(reader.statistics.logged))
    }

    @Test("rings come at any time, and go once their workers have ended and they are empty")
    func ringsComeAndGo() throws {
        let scratch = try ScratchLog()
        let (first, second) = (RecordRing(capacity: 4_096), RecordRing(capacity: 1 << 16))
        let reader = try makeReader(first, path: scratch.path)
        // More than fits: what is dropped stays counted.
        write(Self.record, to: first)
        while first.write(byteCount: 512, { $0.initializeMemory(as: UInt8.self, repeating: 0) }) {}
        let dropped = reader.statistics.dropped
        #expect(dropped == 1)
        first.end()
        reader.adopt(rings: [second])
        reader.adopt(rings: [second])
        write(Self.record, to: second)
        reader.pass()
        let logged = reader.statistics.logged
        #expect(reader.statistics.dropped == dropped)
        // Let go: nobody reads what a dead worker's ring would say.
        write(Self.record, to: first)
        write(Self.record, to: second)
        reader.pass()
        #expect(reader.statistics.logged == logged + 1 && reader.statistics.dropped == dropped)
    }

    @Test("the log's file changes, and is turned off, while records come")
    func changesFile() throws {
        let (old, new) = (try ScratchLog(), try ScratchLog())
        let ring = RecordRing(capacity: 1 << 16)
        let reader = try makeReader(ring, path: old.path)
        let same = try reader.file(at: old.path)
        let other = try #require(try reader.file(at: new.path))
        #expect(same !== other && same?.path == old.path)
        for (file, lines) in [(same, (1, 0)), (other, (1, 1)), (nil, (1, 1)), (other, (1, 2))] {
            reader.log(to: file, sample: 1)
            write(Self.record, to: ring)
            reader.pass()
            #expect(old.text.split(separator: "\n").count == lines.0)
            #expect(new.text.split(separator: "\n").count == lines.1)
        }
        #expect(throws: LogFileError.self) { try reader.file(at: "/nowhere/at/all.log") }
        #expect(try reader.file(at: nil) == nil)
    }

    @Test func namesOfAnOlderConfigurationServeItsRecords() throws {
        let scratch = try ScratchLog()
        let ring = RecordRing(capacity: 1 << 16)
        let reader = try makeReader(ring, path: scratch.path)
        var world = SmallWorld()
        world.generation = 5
        reader.adopt(LogNames(snapshot: world.snapshot, listeners: ["renamed"]), sample: 1)
        var record = Self.record
        for generation: UInt64 in [4, 5] {
            record.generation = generation
            write(record, to: ring)
        }
        reader.pass()
        let listeners = scratch.text.split(separator: "\n").map { $0.contains("\"renamed\"") }
        #expect(listeners == [false, true])
    }

    @Test("durations start anew when ids of routes may mean other routes, and only then")
    func histogramsFollowTheRoutes() throws {
        let ring = RecordRing(capacity: 1 << 16)
        let reader = try makeReader(ring, path: nil)
        write(Self.record, to: ring)
        reader.pass()
        reader.adopt(LogNames(snapshot: SmallWorld().snapshot, listeners: ["renamed"]), sample: 1)
        #expect(reader.statistics.histograms.series.count == 1)
        var parts = SnapshotFixture(local: "a", [.region("a", [.cell("a-1", [.up])])]).parts()
        parts.routes[0].name = parts.intern("renamed")
        reader.adopt(LogNames(snapshot: Snapshot(parts, generation: 9), listeners: []), sample: 1)
        #expect(reader.statistics.histograms.series.isEmpty)
    }

    @Test func fallbacksBecomeEventsOnceASecond() throws {
        let ring = RecordRing(capacity: 1 << 16)
        let events = EventBus(logger: .silent, clock: .fixed())
        let names = LogNames(snapshot: SmallWorld().snapshot, listeners: [])
        let reader = RecordReader(rings: [ring], file: nil, sample: 1, names: names, events: events, seed: 1)
        var record = Self.record
        record.kind = .regionFallback
        record.wantedRegion = RegionID(rawValue: 1)
        for milliseconds: UInt64 in [1_000, 1_001, 1_002, 2_000] {
            record.startedAt = milliseconds * 1_000_000
            write(record, to: ring)
        }
        reader.pass()
        #expect(
            events.recent().map(\.cause) == [
                "x-region asked for eu-west, which takes no requests now; us-east serves",
                "x-region asked for eu-west, which takes no requests now; us-east serves"
                    + "; 2 more since the event before",
            ])
        #expect(events.recent().map(\.subject) == ["default/eu-west", "default/eu-west"])
        #expect(reader.statistics.fallbacksSuppressed == 2)
        #expect(reader.statistics.logged == 0)
    }

    @Test func brokenRecordsAreCountedNotRead() throws {
        let ring = RecordRing(capacity: 4_096)
        let reader = try makeReader(ring, path: "/dev/null")
        ring.write(byteCount: 8) { _ in }
        var record = Self.record
        record.pathCount = 500
        ring.write(byteCount: MemoryLayout<RequestRecord>.size) { $0.storeBytes(of: record, as: RequestRecord.self) }
        reader.pass()
        #expect(reader.statistics.malformed == 2)
    }

    /// Writes that fail are counted and never stop the reader.
    @Test func writeFailuresAreCounted() throws {
        let ring = RecordRing(capacity: 4_096)
        let reader = try makeReader(ring, path: "/dev/full")
        for expected: UInt64 in 1...2 {
            write(Self.record, to: ring)
            reader.pass()
            #expect(reader.statistics.writeFailures == expected)
        }
    }

    @Test func reopensTheFileUnderItsName() throws {
        let scratch = try ScratchLog()
        let ring = RecordRing(capacity: 1 << 16)
        let reader = try makeReader(ring, path: scratch.path)
        write(Self.record, to: ring)
        reader.pass()
        scratch.moveAway()
        write(Self.record, to: ring)
        reader.pass()
        #expect(scratch.text.isEmpty)
        reader.reopenLog()
        write(Self.record, to: ring)
        reader.pass()
        #expect(scratch.text.split(separator: "\n").count == 1)
        #expect(scratch.movedText.split(separator: "\n").count == 2)
    }

    static let pauses: [(UInt64, Bool, UInt64)] = [(20, true, 20), (100, true, 20), (20, false, 40), (80, false, 100)]

    @Test("an idle reader sleeps longer", arguments: pauses)
    func backsOff(before: UInt64, foundAny: Bool, expected: UInt64) {
        #expect(RecordReader.nextPause(after: before, foundAny: foundAny) == expected)
    }

    /// The thread reads what is in the rings before it ends.
    @Test("what requests met is handed over four times a second, while there is anything")
    func observes() {
        let (ring, clock) = (RecordRing(capacity: 1 << 16), ManualClock())
        let told = Mutex<[[EndpointObservation]]>([])
        let reader = RecordReader(
            rings: [ring], file: nil, sample: 1, names: LogNames(snapshot: SmallWorld().snapshot, listeners: []),
            events: EventBus(logger: .silent, clock: .fixed()), seed: 1, clock: clock.clock,
            observe: { observations in told.withLock { $0.append(observations) } })
        reader.pass()
        write(Self.record, to: ring)
        reader.pass()
        write(Self.record, to: ring)
        clock.advance(milliseconds: 249)
        reader.pass()
        #expect(told.withLock(\.count) == 1)
        clock.advance(milliseconds: 1)
        for _ in 0..<3 { reader.pass() }
        let one = EndpointObservation(
            endpoint: EndpointID(rawValue: 1), successes: 1, firstByteNanosecondsSum: 450_000, firstByteCount: 1)
        #expect(told.withLock { $0 } == [[one], [one]])
    }

    @Test func stopReadsWhatIsLeft() throws {
        let scratch = try ScratchLog()
        let ring = RecordRing(capacity: 1 << 16)
        let reader = try makeReader(ring, path: scratch.path)
        for _ in 0..<10 { write(Self.record, to: ring) }
        reader.start()
        reader.stop()
        #expect(scratch.text.split(separator: "\n").count == 10)
    }

    static let record: RequestRecord = {
        var record = RequestRecord()
        record.attemptCount = 1
        record.status = 200
        record.route = RouteID(rawValue: 0)
        record.region = RegionID(rawValue: 0)
        record.cell = CellID(rawValue: 0)
        record.endpoints.0 = EndpointID(rawValue: 1)
        record.generation = 1
        record.startedAt = 1_709_210_096_123_456_789
        record.durationMicroseconds = 567
        record.upstreamMicroseconds = 450
        record.bytesOut = 1_234
        record.client = .loopback
        record.clientPort = 4_711
        return record
    }()

    private func makeReader(_ ring: RecordRing, path: String?, sample: Double = 1) throws -> RecordReader {
        RecordReader(
            rings: [ring], file: try path.map { try LogFile(path: $0) }, sample: sample,
            names: LogNames(snapshot: SmallWorld().snapshot, listeners: ["public"]),
            events: EventBus(logger: .silent, clock: .fixed()), seed: 1)
    }

    private func write(_ record: RequestRecord, tenant: String = "", to ring: RecordRing) {
        let texts = ["r-1", "a.example", "/x?y=\"1\"", tenant].map { Array($0.utf8) }
        var record = record
        record.requestIDCount = UInt16(texts[0].count)
        record.authorityCount = UInt16(texts[1].count)
        record.pathCount = UInt16(texts[2].count)
        record.tenantCount = UInt16(texts[3].count)
        let head = MemoryLayout<RequestRecord>.size
        let all = texts.flatMap(\.self)
        let fits = ring.write(byteCount: head + all.count) { room in
            room.storeBytes(of: record, as: RequestRecord.self)
            UnsafeMutableRawBufferPointer(rebasing: room[head...]).copyBytes(from: all)
        }
        #expect(fits)
    }
}

/// A log file of a test's own in the temporary folder.
private final class ScratchLog {
    let path: String

    init() throws {
        var template = Array("/tmp/portolan-log-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        close(descriptor)
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        unlink(path)
        unlink(path + ".1")
    }

    var text: String { read(path) }
    var movedText: String { read(path + ".1") }
    func moveAway() { rename(path, path + ".1") }

    private func read(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }
}
