import Foundation
import Testing

/// Ten thousand writes at a replication backend that fails in every way it can (routing.md, Writes and Retries): none
/// is applied twice, and every client is told the truth.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct WriteTests {
    static let count = 10_000
    /// Requests of one client under way together.
    static let window = 3

    enum Fault: Int, CaseIterable {
        case none, refuses, resetsBeforeBody, resetsAfterBody, appliesAndResets, appliesAndCloses, closesBeforeBody
        case resetsAfterHead, closesAfterHead, leaves, appliesAndLeaves, misdirects, misdirectsTwice, fails
    }

    @Test func noWriteIsDoubledAndEveryClientIsToldTheTruth() throws {
        let ledger = Ledger()
        let owners = ["us-east", "eu-west"]
        let backends = try owners.enumerated().map { index, _ in
            try ScriptedBackend { try ledger.serve($0, other: owners[1 - index]) }
        }
        let bystander = try ScriptedBackend { $0.respond(200) }
        defer { for backend in backends + [bystander] { backend.stop() } }
        var configuration = EdgeConfiguration(defaultRoute: "{name: default, match: {}, dataset: orders}")
        configuration.datasets = ["orders: {owner: us-east}"]
        configuration = configuration.with(
            regions: zip(owners, backends).map { owner, backend in
                EdgeConfiguration.Region(
                    name: owner, cells: [.init(name: "\(owner)-a", endpoints: [bystander.address])],
                    settings: ["replication: {backend: [\"\(backend.address)\"]}"])
            })
        let edge = try RunningEdge(configuration)
        defer { edge.process.kill() }
        var told = Told()
        for start in stride(from: 0, to: WriteTests.count, by: 500) {
            try write(start..<start + 500, edge, ledger, &told)
        }
        #expect(bystander.requests.isEmpty, "writes go to the owner alone")
        #expect(told.isVaried, "\(told)")
        #expect(told.done + told.not + told.maybe + told.cutOff == WriteTests.count)
        print("writes: \(told)")
    }

    /// How many clients heard what.
    private struct Told {
        var (done, not, maybe, cutOff) = (0, 0, 0, 0)
        var isVaried: Bool { [done, not, maybe, cutOff].allSatisfy { $0 > WriteTests.count / 50 } }
    }

    private func write(_ numbers: Range<Int>, _ edge: RunningEdge, _ ledger: Ledger, _ told: inout Told) throws {
        let client = try FrameClient(edge)
        var open: [(number: Int, stream: UInt32)] = []
        for number in numbers {
            let stream = client.open(FrameClient.post("/orders", ["x-id": "\(number)"]), end: false)
            client.send(.data(stream, [UInt8](repeating: 1, count: number % 3_000), end: true))
            open.append((number, stream))
            guard open.count >= WriteTests.window else { continue }
            let first = open.removeFirst()
            try judge(first.number, client.answer(to: first.stream, within: 20), ledger, &told)
        }
        for last in open { try judge(last.number, client.answer(to: last.stream, within: 20), ledger, &told) }
    }

    private func judge(_ number: Int, _ answer: FrameClient.Answer, _ ledger: Ledger, _ told: inout Told) throws {
        let count = ledger.applied(number)
        let what =
            "write \(number), \(Ledger.fault(of: number)): applied \(count) times; \(answer.status) \(answer.text)"
        try #require(count <= 1, "\(what)")
        if answer.status == 200, answer.reset == nil {
            try #require(count == 1, "\(what)")
            told.done += 1
        } else if answer.text.contains("\"detail\":\"not applied\"") {
            // Whatever a script still had to do, it would have done by now or never does.
            ledger.refuse(number)
            try #require(count == 0, "\(what)")
            told.not += 1
        } else if answer.text.contains("\"detail\":\"may have been applied\"") {
            told.maybe += 1
        } else {
            // A backend's own answer, or one that broke off after its head: nothing of it is the edge's word.
            try #require(answer.reset != nil || answer.status == 503, "\(what)")
            told.cutOff += 1
        }
    }
}

/// What both backends applied, in memory, and how they fail.
private final class Ledger: @unchecked Sendable {
    private let lock = NSLock()
    private var counts: [Int: Int] = [:]
    private var refused: Set<Int> = []
    private var misdirections: [Int: Int] = [:]
    /// The highest stream applied on a connection, and the last one its GOAWAY admitted.
    private var highest: [ObjectIdentifier: UInt32] = [:]
    private var admitted: [ObjectIdentifier: UInt32] = [:]

    static func fault(of number: Int) -> WriteTests.Fault {
        WriteTests.Fault(rawValue: number * 5 % WriteTests.Fault.allCases.count) ?? .none
    }

    func applied(_ number: Int) -> Int { lock.withLock { counts[number] ?? 0 } }
    /// Its client was told that it was not applied: from now on nobody may.
    func refuse(_ number: Int) { lock.withLock { _ = refused.insert(number) } }

    /// False where the connection's GOAWAY has said that the stream is not processed.
    private func apply(_ stream: BackendStream, _ number: Int) -> Bool {
        lock.withLock {
            let connection = ObjectIdentifier(stream.connection)
            if let last = admitted[connection], stream.id > last { return false }
            precondition(!refused.contains(number), "applied after its client was told that it was not")
            highest[connection] = max(highest[connection] ?? 0, stream.id)
            counts[number, default: 0] += 1
            return true
        }
    }

    /// Says GOAWAY so that the stream is not processed; false where one above it is.
    private func leave(_ stream: BackendStream) -> Bool {
        let last: UInt32? = lock.withLock {
            let connection = ObjectIdentifier(stream.connection)
            let last = min(highest[connection] ?? 0, admitted[connection] ?? .max)
            guard last < stream.id else { return nil }
            admitted[connection] = last
            return last
        }
        guard let last else { return false }
        stream.connection.goAway(last: last)
        return true
    }

    /// Says GOAWAY behind all that was applied.
    private func leaveAfterAll(of connection: BackendConnection) {
        let last: UInt32 = lock.withLock {
            let key = ObjectIdentifier(connection)
            let last = min(highest[key] ?? 0, admitted[key] ?? .max)
            admitted[key] = last
            return last
        }
        connection.goAway(last: last)
    }

    func serve(_ stream: BackendStream, other: String) throws {
        guard let number = stream.fields["x-id"].flatMap({ Int($0) }) else { return stream.respond(400) }
        switch Ledger.fault(of: number) {
        case .refuses where misdirected(number) == 1: return stream.reset(Code.refusedStream)
        case .resetsBeforeBody: return stream.reset(Code.internalError)
        case .closesBeforeBody: return stream.connection.close()
        case .leaves where misdirected(number) == 1 && leave(stream): return
        case .misdirects where misdirected(number) == 1, .misdirectsTwice:
            _ = try stream.body()
            let epoch = (stream.fields["x-portolan-epoch"].flatMap { Int($0) } ?? 0) + 1
            return stream.respond(421, ["x-portolan-epoch": "\(epoch)", "x-portolan-owner": other])
        default: break
        }
        _ = try stream.body()
        try answer(stream, number)
    }

    private func answer(_ stream: BackendStream, _ number: Int) throws {
        switch Ledger.fault(of: number) {
        case .resetsAfterBody: return stream.reset(Code.internalError)
        case .fails: return try stream.respond(503, body: "no")
        default: break
        }
        guard apply(stream, number) else { return }
        switch Ledger.fault(of: number) {
        case .appliesAndResets: stream.reset(Code.internalError)
        case .appliesAndCloses: stream.connection.close()
        case .resetsAfterHead:
            stream.respond(200, end: false)
            stream.reset(Code.internalError)
        case .closesAfterHead:
            stream.respond(200, end: false)
            stream.connection.close()
        case .appliesAndLeaves:
            leaveAfterAll(of: stream.connection)
            stream.respond(200)
        default: stream.respond(200)
        }
    }

    /// How often the write came here and was sent away, this time included.
    private func misdirected(_ number: Int) -> Int {
        lock.withLock {
            misdirections[number, default: 0] += 1
            return misdirections[number] ?? 0
        }
    }
}
