import Foundation
import Model
import Policy
import Support
import Testing

@testable import ControlPlane

struct LogReplayTests {
    private static let size = LoggedEdge.Size(regions: 2, cells: 2, endpoints: 2)

    private func log(_ count: Int) throws -> (configuration: Configuration, lines: [ArraySlice<UInt8>]) {
        var edge = try LoggedEdge(.everyKind(LogReplayTests.size), seed: 3)
        var lines: [ArraySlice<UInt8>] = []
        for _ in 0..<count { lines += edge.serve(Shape()).split(separator: 0x0A) }
        return (edge.configuration, lines)
    }

    @Test("the first lines say what the others' ids stand for, once")
    func statesComeFirst() throws {
        let (_, lines) = try log(3)
        let texts = lines.map { String(decoding: $0, as: UTF8.self) }
        #expect(texts.count == 5 && texts[0].hasPrefix("{\"layout\":{") && texts[1].hasPrefix("{\"snapshot\":{"))
        #expect(texts[2...].allSatisfy { $0.hasPrefix("{\"time\":") })
    }

    @Test("whatever a line is cut to, it is decided, refused by its number, or nothing")
    func truncatedLines() throws {
        let (configuration, lines) = try log(1)
        for (place, line) in lines.enumerated() {
            for end in line.indices {
                var replay = LogReplay(over: configuration)
                for before in lines[..<place] { replay.take(before) }
                replay.take(line[..<end])
                let report = replay.report
                #expect(report.lines == place + 1 && report.decided == 0)
                #expect(report.unreadable == (end == line.startIndex ? 0 : 1))
            }
        }
    }

    static let garbage: [String] = [
        "x", "{}", "[]", "null", "\"\"", "{\"request_id\":5}", "{\"layout\":{}}", "{\"snapshot\":5}", "\u{0}\u{1}",
        "{\"time\":\"x\"}", String(repeating: "[", count: 600), "{\"facts\":\"\"}",
    ]
    @Test("what is no line of a log is counted and named", arguments: garbage)
    func garbageLines(text: String) throws {
        let (configuration, lines) = try log(2)
        var replay = LogReplay(over: configuration)
        replay.take(Array(text.utf8))
        for line in lines { replay.take(line) }
        #expect(replay.report.unreadable == 1 && replay.report.badLines.map(\.line) == [1])
        #expect(replay.report.decided == 2 && replay.report.same == 2)
    }

    /// A field of the state of the world, and what an enemy writes into it.
    static let lies: [(String, String)] = [
        ("\"share\":5000", "\"share\":65535"), ("\"share\":5000", "\"share\":5000,\"set\":-9223372036854775808"),
        ("\"share\":5000", "\"set\":9223372036854775807,\"admission\":9223372036854775807"),
        ("\"share\":5000", "\"leaving\":65535,\"warmth\":[0],\"up\":[4294967295]"),
        ("\"share\":5000", "\"share\":5000,\"warmth\":[0,0,1,4294967295]"),
        ("\"order\":[", "\"order\":[65535,0,0,1,1,"), ("\"id\":0", "\"id\":65535"),
        ("\"regions\":[", "\"regions\":[{\"id\":0,\"dial\":-5,\"kept\":65535,\"band\":[9,1,0],\"slices\":[0,-4,1]},"),
        ("\"regions\":[", "\"regions\":[{\"id\":0,\"slices\":[0,99999,1,9223372036854775807]},"),
        ("\"capacity\":4000", "\"capacity\":0"), ("\"generation\":1", "\"generation\":0"),
        ("\"facts\":\"", "\"facts\":\"zzzz "), ("\"cell\":\"r0c", "\"cell\":\"q"), ("10.0.0.", "10.9.9."),
    ]
    @Test("a log that lies traps nobody", arguments: lies.indices)
    func lyingLogs(index: Int) throws {
        let (configuration, lines) = try log(4)
        let (truth, lie) = LogReplayTests.lies[index]
        var replay = LogReplay(over: configuration)
        var isChanged = false
        for line in lines {
            let text = String(decoding: line, as: UTF8.self)
            isChanged = isChanged || text.contains(truth)
            replay.take(Array(text.replacingOccurrences(of: truth, with: lie).utf8))
        }
        #expect(isChanged)
        let report = replay.report
        #expect(report.decided + report.missing + report.unreadable >= 4)
    }

    @Test(
        "facts of every letter's worst, and of nonsense", arguments: ["", " ", "run k!", "run q1", "run h1", "run x-"])
    func badFacts(text: String) throws {
        let (configuration, lines) = try log(1)
        var replay = LogReplay(over: configuration)
        for line in lines {
            let line = String(decoding: line, as: UTF8.self)
            replay.take(Array(line.replacing(#/"facts":"[^"]*"/#, with: "\"facts\":\"\(text)\"").utf8))
        }
        #expect(replay.report.unreadable == 1 && replay.report.decided == 0)
    }

    @Test("lines without their generation's state are counted, as are those without facts")
    func missingStates() throws {
        let (configuration, lines) = try log(2)
        var replay = LogReplay(over: configuration)
        for line in lines.dropFirst(2) { replay.take(line) }
        let old = String(decoding: lines[2], as: UTF8.self).replacing(#/,"facts":"[^"]*"/#, with: "")
        replay.take(Array(old.utf8))
        replay.take(Array(old.dropLast().utf8) + Array(",\"facts\":null}".utf8))
        #expect(replay.report.missing == 3 && replay.report.undecided == 1 && replay.report.requests == 4)
    }

    @Test("operators' pins are in the log, each change of them once, and go before any file's")
    func operatorsPins() throws {
        var edge = try LoggedEdge(.everyKind(), seed: 3)
        var shape = Shape()
        shape.tenant = "t1"
        var texts: [String] = []
        let pins = ["r2", "r3"].map { Configuration.Pin(tenant: "t1", home: $0, residency: []) }
        let other = Configuration.Pin(tenant: "t9", home: "r0", residency: ["j0", "j1"])
        for said in [[], [pins[0], other], [pins[0], other], [other, pins[1]], [other], []] {
            edge.pin(said)
            edge.adopt(.well(edge.registry))
            texts += edge.serve(shape).split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(
            texts.filter { $0.hasPrefix("{\"pins\"") }.map { $0.replacing(#/"run":"\w+",?/#, with: "") } == [
                #"{"pins":{"number":3,"set":[{"home":"r2","residency":[],"tenant":"t1"},"#
                    + #"{"home":"r0","residency":["j0","j1"],"tenant":"t9"}]}}"#,
                #"{"pins":{"after":3,"number":5,"set":[{"home":"r3","residency":[],"tenant":"t1"}]}}"#,
                #"{"pins":{"after":5,"gone":["t1"],"number":6,"set":[]}}"#,
                #"{"pins":{"after":6,"gone":["t9"],"number":7,"set":[]}}"#,
            ])
        // The file's word on the tenant counts where no operator's does: in the first, and in the last two.
        var changed = edge.configuration
        changed.tenants.pins[1] = Configuration.Pin(tenant: "t1", home: "r2", residency: ["j2"])
        for (configuration, same) in [(edge.configuration, 6), (changed, 3)] {
            var replay = LogReplay(over: configuration)
            for text in texts { replay.take(Array(text.utf8)) }
            #expect(replay.report.decided == 6 && replay.report.same == same)
        }
        var replay = LogReplay(over: edge.configuration)
        for text in texts where !text.hasPrefix("{\"pins\":{\"number\":3") {
            replay.take(Array(text.utf8))
        }
        #expect(replay.report.decided == 1 && replay.report.missing == 5 && replay.report.unreadable == 0)
    }

    @Test("a change of many pins takes several lines, none too long; without one of them the pins are unknown")
    func manyPins() throws {
        var edge = try LoggedEdge(.everyKind(), seed: 3)
        var shape = Shape()
        shape.tenant = "t1"
        let many = (0..<1_203).map { Configuration.Pin(tenant: "many\($0)", home: "r1", residency: []) }
        let pin = Configuration.Pin(tenant: "t1", home: "r2", residency: [])
        var texts: [String] = []
        for said in [many + [pin], [pin]] {
            edge.pin(said)
            edge.adopt(.well(edge.registry))
            texts += edge.serve(shape).split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
        }
        let told = texts.filter { $0.hasPrefix("{\"pins\"") }
        #expect(told.map { $0.matches(of: /many/).count } == [500, 500, 203, 500, 500, 203])
        for (lost, decided) in [(nil, 2), (0, 0), (1, 0), (2, 0), (3, 1), (4, 1), (5, 1)] as [(Int?, Int)] {
            var replay = LogReplay(over: edge.configuration)
            for text in texts where lost.map({ told[$0] }) != text { replay.take(Array(text.utf8)) }
            let report = replay.report
            #expect(report.same == decided && report.missing == 2 - decided && report.unreadable == 0, "\(lost ?? -1)")
        }
    }

    static let badPins: [(String, isUnreadable: Bool)] = [
        (#"{"pins":{"run":"x","number":0,"set":[]}}"#, true),
        (#"{"pins":{"run":"x","number":5,"after":5,"set":[]}}"#, true),
        (#"{"pins":{"run":"x","number":5}}"#, true), (#"{"pins":{}}"#, true),
        (
            "{\"pins\":{\"run\":\"x\",\"number\":5,\"set\":[{\"tenant\":\"\(String(repeating: "t", count: 129))\","
                + "\"home\":\"r0\",\"residency\":[]}]}}", true
        ),
        (#"{"pins":{"run":"x","number":18446744073709551615,"after":4,"set":[],"gone":["a","a"]}}"#, false),
        (#"{"pins":{"run":"x","number":5,"told":-1,"more":true,"set":[]}}"#, false),
        (#"{"pins":{"run":"x","number":5,"told":9223372036854775807,"set":[]}}"#, false),
        (#"{"pins":{"run":"x","number":1,"set":[{"tenant":"","home":"","residency":["","",""]}]}}"#, false),
    ]
    @Test("pins that no edge writes trap nobody", arguments: badPins)
    func lyingPins(text: String, isUnreadable: Bool) throws {
        let (configuration, lines) = try log(2)
        var replay = LogReplay(over: configuration)
        replay.take(Array(text.utf8))
        for line in lines { replay.take(line) }
        replay.take(Array(text.utf8))
        #expect(replay.report.unreadable == (isUnreadable ? 2 : 0) && replay.report.same == 2)
    }

    /// Growth over the line as it was: the field itself.
    @Test("no line grows by more than 96 bytes, whatever stands in its facts")
    func growth() throws {
        var edge = try LoggedEdge(.everyKind(LogReplayTests.size), seed: 3)
        let texts = ["id", "a.example", "/", "t", "r1"].map { Array($0.utf8) }
        var (most, records) = (0, [RequestRecord()])
        for reason in Reason.allCases {
            for isKeyed in [false, true] {
                var record = RequestRecord()
                (record.generation, record.reason) = (1, .internal)
                var decision = DecisionRecord()
                (decision.generation, decision.key, decision.isKeyed) = (.max, .max, isKeyed)
                (decision.region, decision.nearest) = (RegionID(rawValue: 63), RegionID(rawValue: 63))
                (decision.cell, decision.endpoint) = (CellID(rawValue: .max - 1), EndpointID(rawValue: .max - 1))
                decision.letGo = RegionSet(bits: .max)
                // A session keys its requests.
                if isKeyed { decision.hold = SessionHold(region: decision.region, cell: decision.cell) }
                decision.reason = reason
                record.decision = decision
                records.append(record)
            }
        }
        for record in records {
            let text = String(decoding: edge.log(record, texts), as: UTF8.self)
            let field = try #require(text.firstMatch(of: #/,"facts":(null|"[^"]*")/#))
            #expect(text.hasSuffix("\(field.0)}\n"))
            most = max(most, field.0.utf8.count)
        }
        #expect((60...96).contains(most), "\(most) bytes")
    }
}
