import Foundation
import Model
import Testing

@testable import TLS

struct SessionTests {
    static let settings = [ContextSettings.tls12, .tls13]
    let certificates = Certificates()

    func pair(_ settings: ContextSettings = .tls13) throws -> Pair {
        let made = try certificates.make(["localhost"])
        return try Pair(ClientContext(made, settings: settings), ServerContext(made))
    }

    @Test("a handshake, a question, an answer", arguments: zip(settings, ["TLSv1.2", "TLSv1.3"]))
    func handshakes(settings: ContextSettings, version: String) throws {
        var pair = try pair(settings)
        #expect(!pair.client.session.isEstablished && pair.client.session.negotiatedProtocol == .none)
        pair.settle()
        for end in [pair.client, pair.server] {
            #expect(end.status == .open && end.session.isEstablished && !end.session.wasResumed)
            #expect(end.session.versionText == version && end.session.negotiatedProtocol == .h2)
            #expect(end.session.cipherText.contains("AES128-GCM") || end.session.cipherText.contains("AES_128_GCM"))
        }
        pair.clientSends(Array("question".utf8))
        pair.serverSends(Array("answer".utf8))
        pair.settle()
        #expect(pair.server.read == Array("question".utf8) && pair.client.read == Array("answer".utf8))
    }

    @Test("one byte at a time", arguments: settings)
    func byteByByte(settings: ContextSettings) throws {
        var pair = try pair(settings)
        pair.settle { 1 }
        #expect(pair.client.status == .open && pair.server.status == .open)
        pair.clientSends([1, 2, 3])
        pair.serverSends([4, 5, 6])
        pair.settle { 1 }
        #expect(pair.server.read == [1, 2, 3] && pair.client.read == [4, 5, 6])
    }

    /// Replay: PORTOLAN_SEED=<seed>.
    @Test("a mebibyte both ways in random pieces", arguments: settings)
    func bigData(settings: ContextSettings) throws {
        var random = SplitMix64.fromTestEnvironment()
        var pair = try pair(settings)
        pair.settle()
        let data = (0..<1 << 20).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var sent = 0
        while sent < data.count {
            let count = min(data.count - sent, Int(random.next(below: 100_000)))
            pair.clientSends(Array(data[sent..<sent + count]))
            pair.serverSends(Array(data[sent..<sent + count]))
            sent += count
            pair.settle { 1 + Int(random.next(below: 40_000)) }
        }
        try #require(pair.server.read == data && pair.client.read == data, "seed \(random.seed)")
        #expect(pair.client.status == .open && pair.server.status == .open)
    }

    @Test("a full batch keeps to the promised room and to records of 16 KiB", arguments: settings)
    func recordsStaySmall(settings: ContextSettings) throws {
        for count in [0, 1, 16_383, 16_384, 16_385, 262_144] {
            var pair = try pair(settings)
            pair.settle()
            pair.clientSends([UInt8](repeating: 7, count: count))
            let flight = pair.server.inFlight
            #expect(flight.count <= Session.ciphertextBound(count))
            var at = 0
            while at < flight.count {
                let length = Int(flight[at + 3]) << 8 | Int(flight[at + 4])
                #expect(length <= 16_384 + 32)
                at += 5 + length
            }
            pair.settle()
            #expect(pair.server.read.count == count)
        }
    }

    @Test("close_notify ends one direction and is said once", arguments: settings)
    func closes(settings: ContextSettings) throws {
        var pair = try pair(settings)
        #expect(Pair.close(pair.client.session).isEmpty, "nothing to say before the handshake is over")
        pair.settle()
        pair.clientSends([1])
        pair.server.inFlight += Pair.close(pair.client.session)
        #expect(Pair.close(pair.client.session).isEmpty)
        pair.settle()
        #expect(pair.server.read == [1] && pair.server.status == .closedByPeer)
        #expect(pair.server.session.transportEnded() == nil)
        pair.serverSends([2])
        #expect(pair.server.status == .closedByPeer)
        pair.settle()
        #expect(pair.client.read == [2], "the other direction is still open")
        pair.clientSends([3])
        #expect(pair.client.status.reason == .sentAfterClose)
    }

    @Test("an end without close_notify is an error, unless nothing ever came", arguments: settings)
    func truncates(settings: ContextSettings) throws {
        var pair = try pair(settings)
        #expect(pair.server.session.transportEnded() == nil)
        pair.settle()
        pair.clientSends([UInt8](repeating: 1, count: 1_000))
        pair.server.inFlight.removeLast(10)
        pair.settle()
        #expect(pair.server.read.isEmpty && pair.server.status == .open, "half a record is no plaintext")
        #expect(pair.server.session.transportEnded()?.reason == .peerClosedUncleanly)
        #expect(Pair.call(pair.server.session, [1]).status.reason == .peerClosedUncleanly)
    }

    static let noise: [(String, TLSError.Reason)] = [
        ("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n", .plainHTTP),
        ("DELETE /v1/x HTTP/1.1\r\n\r\n", .plainHTTP),
        ("CONNECT localhost:443 HTTP/1.1\r\n\r\n", .plainHTTP),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .plainHTTP),
        ("SSH-2.0-OpenSSH_9.2\r\n", .notTLS),
        ("EHLO\r\n\r\n\r\n\r\n", .notTLS),
        ("\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", .notTLS),
    ]
    @Test("what is not TLS is named", arguments: noise)
    func namesNoise(text: String, reason: TLSError.Reason) throws {
        let made = try certificates.make(["localhost"])
        let session = try Session(server: ServerContext(made))
        let result = Pair.call(session, Array(text.utf8))
        #expect(result.status.reason == reason && result.plaintext.isEmpty)
        #expect(Pair.call(session, Array(text.utf8)).status == result.status, "a failure is for good")
        #expect(Pair.close(session).isEmpty)
        let other = try Pair(ClientContext(made), ServerContext(made))
        var fine = other
        fine.settle()
        #expect(fine.server.status == .open, "one session's failure is not the next one's")
    }

    @Test("a changed bit ends the session with an alert", arguments: settings)
    func detectsTampering(settings: ContextSettings) throws {
        var pair = try pair(settings)
        pair.settle()
        pair.clientSends([UInt8](repeating: 1, count: 100))
        pair.server.inFlight[60] ^= 4
        pair.settle()
        #expect(pair.server.status.reason == .corruptRecord && pair.server.read.isEmpty)
        #expect(pair.client.status.reason == .peerAlert)
    }

    /// Whatever bytes are lost, doubled or changed on the way, nothing traps and no wrong plaintext comes out.
    @Test func survivesDamage() throws {
        var random = SplitMix64.fromTestEnvironment()
        let made = try certificates.make(["localhost"])
        let (server, data) = (try ServerContext(made), (0..<2_000).map { UInt8(truncatingIfNeeded: $0) })
        let clients = try Self.settings.map { try ClientContext(made, settings: $0) }
        for round in 0..<300 {
            var pair = try Pair(clients[round & 1], server)
            for _ in 0..<6 {
                if pair.client.session.isEstablished { pair.clientSends(data) }
                damage(&pair.server.inFlight, &random)
                Pair.receive(&pair.server, .max, answerTo: &pair.client)
                if random.next(below: 4) == 0 { damage(&pair.client.inFlight, &random) }
                Pair.receive(&pair.client, .max, answerTo: &pair.server)
            }
            let intact = (0..<6).flatMap { _ in data }.prefix(pair.server.read.count)
            try #require(pair.server.read == Array(intact), "seed \(random.seed), round \(round)")
        }
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        guard !bytes.isEmpty else { return }
        let at = Int(random.next(below: UInt32(bytes.count)))
        switch random.next(below: 8) {
        case 0: bytes[at] ^= 1 << UInt8(random.next(below: 8))
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(bytes[at], at: at)
        case 3: bytes.removeLast(bytes.count - at)
        default: break
        }
    }

    @Test("buffers below the promised size lose nothing", arguments: settings)
    func survivesSmallBuffers(settings: ContextSettings) throws {
        var pair = try pair(settings)
        while !pair.server.inFlight.isEmpty || !pair.client.inFlight.isEmpty || pair.server.status == .outputFull {
            let result = Pair.call(pair.server.session, pair.server.inFlight, ciphertextRoom: 100)
            (pair.server.inFlight, pair.server.status) = ([], result.status)
            pair.client.inFlight += result.ciphertext
            Pair.receive(&pair.client, .max, answerTo: &pair.server)
        }
        try #require(pair.server.status == .open)
        let data = (0..<50_000).map { UInt8(truncatingIfNeeded: $0) }
        pair.clientSends(data)
        var (read, input): ([UInt8], [UInt8]) = ([], pair.server.inFlight)
        repeat {
            let result = Pair.call(pair.server.session, input, plaintextRoom: 1_000)
            (read, input, pair.server.status) = (read + result.plaintext, [], result.status)
        } while pair.server.status == .outputFull
        #expect(read == data && pair.server.status == .open)
    }

    @Test func sendsNothingBeforeTheHandshake() throws {
        var pair = try pair()
        let before = pair.server.inFlight
        pair.clientSends([1, 2, 3])
        #expect(pair.client.status == .handshaking && pair.server.inFlight == before)
    }
}

extension SplitMix64 {
    /// PORTOLAN_SEED where set, else a fresh seed.
    static func fromTestEnvironment() -> SplitMix64 {
        let seed = ProcessInfo.processInfo.environment["PORTOLAN_SEED"].flatMap(UInt64.init)
        return SplitMix64(seed: seed ?? UInt64.random(in: 0...UInt64.max))
    }
}
