import HTTP2
import Model
import Reactor
import Support
import Testing

@testable import DataPlane

/// A worker whose listeners, or whose days, are numbered.
struct WorkerListeningTests {
    private static func terms(_ place: ListenerPlace, trusting ranges: [String] = []) -> ListenerTerms {
        var trust = Configuration.Trust()
        trust.from = ranges.compactMap { AddressRange($0) }
        return ListenerTerms(place: place, name: "public", context: nil, trust: trust)
    }

    private static func reload(_ fixture: WorkerFixture, _ terms: [ListenerTerms]) {
        var settings = fixture.workerSettings
        settings.terms = terms
        fixture.tell(.reload(settings, WorkerOrders()))
    }

    @Test("connections of a place that stays take its new terms, and go on")
    func adoptsTerms() throws {
        let fixture = try WorkerFixture()
        let client = fixture.connect()
        fixture.greet(client)
        #expect(!fixture.connection(client).trust.isTrusted)
        WorkerListeningTests.reload(
            fixture, [WorkerListeningTests.terms(fixture.terms.place, trusting: ["127.0.0.0/8"])])
        #expect(fixture.connection(client).trust.isTrusted)
        fixture.send(client, ping())
        #expect(fixture.lines(client) == ["PING ack"])
    }

    @Test("those of a place that is gone are told to go, once they have asked")
    func endsConnections() throws {
        let fixture = try WorkerFixture()
        let (asked, fresh, late) = (fixture.connect(), fixture.connect(), fixture.connect())
        for client in [asked, fresh, late] { fixture.greet(client) }
        let loop = headers(1).get().field("via", "2.0 edge-1 (portolan)").end()
        fixture.send(asked, loop)
        _ = fixture.receive(asked)
        WorkerListeningTests.reload(fixture, [WorkerListeningTests.terms(ListenerPlace(number: 9))])
        #expect(fixture.lines(asked) == ["GOAWAY last=max NO_ERROR", "PING"])
        #expect(fixture.lines(fresh).isEmpty, "its first request may be on its way")
        fixture.send(fresh, loop)
        let said = fixture.lines(fresh)
        #expect(said.contains("HEADERS 1") && said.contains("GOAWAY last=max NO_ERROR"))
        #expect(fixture.lines(late).isEmpty)
        fixture.wait(milliseconds: 1_100)
        #expect(fixture.lines(late) == ["GOAWAY last=max NO_ERROR", "PING"])
        #expect(!fixture.connection(late).isClosed)
    }

    @Test("a client that never said a word is waited for, and then let go")
    func closesSilent() throws {
        let fixture = try WorkerFixture()
        let (silent, slow) = (fixture.connect(), fixture.connect())
        fixture.tell(.leave(graceMilliseconds: 30_000))
        #expect(!fixture.connection(silent).isClosed)
        fixture.wait(milliseconds: 500)
        fixture.greet(slow)
        fixture.send(slow, headers(1).get().field("via", "2.0 edge-1 (portolan)").end())
        #expect(fixture.lines(slow).contains("HEADERS 1"))
        fixture.wait(milliseconds: 600)
        #expect(fixture.connection(silent).isClosed && !fixture.connection(slow).isClosed)
        #expect(fixture.worker.counters.handshakesFailed == 0)
        fixture.hangUp(slow)
        #expect(fixture.connection(slow).isClosed)
    }

    @Test("a stop gives those that are leaving already its own grace, and a second one ends at once")
    func stopsWhileLeaving() throws {
        let fixture = try WorkerFixture()
        let client = fixture.connect()
        fixture.greet(client)
        fixture.tell(.leave(graceMilliseconds: 30_000))
        fixture.tell(.leave(graceMilliseconds: 0))
        fixture.tell(.stop(graceMilliseconds: 5_000))
        #expect(!fixture.connection(client).isClosed)
        fixture.tell(.stop(graceMilliseconds: 5_000))
        #expect(fixture.connection(client).isClosed)
    }
}
