import ControlPlane
import Foundation
import Model
import Support
import Testing

@testable import App

struct TopViewTests {
    static let setting = Status.Setting(
        percent: 37, reason: "canary", who: "anna", setAt: "2026-01-02T03:04:05Z", expiresAt: "2026-01-02T05:04:05Z")

    static func cell(_ name: String, _ region: String, share: Int) -> Status.Cell {
        var cell = Status.Cell(
            name: name, region: region, health: "healthy", weightConfigured: 50, weightEffective: share / 100,
            capacity: 20_000, rttMicroseconds: 420,
            endpoints: [
                Status.Endpoint(address: "127.0.0.1:7101", health: "up", rttMicroseconds: 420, lastFailure: nil),
                Status.Endpoint(
                    address: "127.0.0.1:7102", health: "down", rttMicroseconds: 0, lastFailure: "connection refused"),
            ])
        (cell.share, cell.sessions, cell.requestsInFlight) = (share, 5_000, 17)
        (cell.requestsPerSecond, cell.errorPercent) = (1_234, 0.5)
        return cell
    }

    static func region(_ name: String, _ cells: [String]) -> Status.Region {
        Status.Region(
            name: name, jurisdiction: "us", mode: "active", isLocal: name == "us-east", isFit: true, isOpen: true,
            cells: cells, endpointsUp: 1, endpoints: 2, rttMicroseconds: 420)
    }

    static func reading(at milliseconds: UInt64, requests: UInt64 = 5_000, errors: UInt64 = 0) -> TopReading {
        let totals = [
            "requests": requests, "responses_2xx": requests - errors, "responses_5xx": errors, "exchanges_open": 210,
            "connections_open": 1_300,
        ]
        let status = Status.Edge(
            version: "1.2.3", edge: "edge-1", region: "us-east", generation: 42, acknowledgedGenerations: [42, 42],
            uptimeSeconds: 10_920, isReady: true, isDraining: false, totals: totals,
            events: (1...20).map { EventTextTests.event("CELL_UP", number: $0) })
        var leaving = cell("use-b", "us-east", share: 1_300)
        leaving.drain = "ramping, 26 % of its share (drain 3)"
        var drain = try? OperatorTextTests.drain("ramping", admission: 26)
        drain?.requestsInFlight = 17
        return TopReading(
            milliseconds: milliseconds, status: status,
            regions: [region("us-east", ["use-a", "use-b"]), region("eu-west", ["euw-a"])],
            cells: [cell("use-a", "us-east", share: 8_700), leaving, cell("euw-a", "eu-west", share: 10_000)],
            drains: [drain].compactMap { $0 })
    }

    private static var state: TopState {
        var state = TopState(reading(at: 0))
        state.take(reading(at: 1_000, requests: 6_200, errors: 3))
        state.move(by: 1)
        return state
    }

    @Test("a terminal of 80 by 24")
    func usual() {
        let lines = TopView(TopViewTests.state, on: .plain, height: 24).lines
        #expect(
            lines == [
                "portolan 1.2.3  edge-1 in us-east, up 3 h 2 m", "ready, generation 42, applied by all 2 workers",
                "1,200/s, errors 0.25 %, 210 in flight, 1,300 connections", "",
                "  CELL   SHARE       %  HEALTH        RTT  IN FL     RATE  SESSIONS",
                "us-east            100  open      0.42 ms     34  2,468/s    10,000",
                "> use-a  #######.   87  healthy   0.42 ms     17  1,234/s     5,000",
                "  use-b  #.......   13  draining  0.42 ms     17  1,234/s     5,000",
                "eu-west            100  open      0.42 ms     17  1,234/s     5,000",
                "  euw-a  ########  100  healthy   0.42 ms     17  1,234/s     5,000",
                "  use-a: 127.0.0.1:7102 is down: connection refused", "", "DRAINS",
                "[#######.............] use-a: new work at 26 %, 17 in flight, deploy 42", "", "LATEST EVENTS",
            ]
                + Array(repeating: "03:04:05  CELL_UP  use-a: 2 of 2 endpoints are down", count: 7)
                + ["q quits, ↑ ↓ select. Read-only: change things with `portolan drain`, `weight`…"])
    }

    @Test("one picture for a file has all of it, and no keys")
    func plain() {
        let lines = TopView(TopViewTests.state, on: .plain).lines
        #expect(lines.count { $0.contains("CELL_UP") } == 5 && lines.last?.contains("CELL_UP") == true)
        #expect(!lines.contains { $0.contains("quits") } && lines.contains { $0.hasPrefix("  euw-a") })
    }

    @Test("a phone keeps what matters")
    func phone() {
        let lines = TopView(TopViewTests.state, on: Screen(columns: 42, isColoured: false), height: 20).lines
        #expect(lines[4] == "  CELL   SHARE    %  HEALTH       RATE")
        #expect(lines[6] == "> use-a  ###.    87  healthy   1,234/s")
    }

    @Test("an edge that does not answer is told above its last words")
    func fault() {
        var state = TopViewTests.state
        state.fail("no admin API at unix:/s: connection refused")
        let lines = TopView(state, on: .plain, height: 24).lines
        #expect(lines[2] == "no answer, this is the last one: no admin API at unix:/s: connection refused")
        #expect(lines[6].hasPrefix("> use-a"))
    }

    @Test("colours change nothing but colour")
    func colours() {
        let plain = TopView(TopViewTests.state, on: .plain, height: 24).lines
        let coloured = TopView(TopViewTests.state, on: Screen(columns: 80, isColoured: true), height: 24).lines
        #expect(coloured.contains { $0.contains("\u{1B}[7m") })
        let read = coloured.map { line -> String in
            var text = ScreenTests.withoutColours(line)
            while text.last == " " { text.removeLast() }
            return text
        }
        #expect(read == plain)
    }

    /// Whatever there is to show and however small the terminal is, no line breaks and nothing scrolls; the cell that
    /// is looked at is on it. Replay: PORTOLAN_SEED=<seed>.
    @Test func fitsAnyTerminal() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let seed = random.seed
        for round in 0..<300 {
            var reading = TopViewTests.reading(at: 0)
            let count = Int.random(in: 0...40, using: &random)
            reading.regions = [TopViewTests.region("us-east", []), TopViewTests.region("eu-west", [])]
            reading.cells = (0..<count).map { index in
                let name = String(repeating: "c", count: Int.random(in: 1...30, using: &random)) + "\(index)"
                return TopViewTests.cell(name, index % 2 == 0 ? "us-east" : "eu-west", share: 10_000 * index / 40)
            }
            reading.drains = Array(repeating: reading.drains[0], count: Int.random(in: 0...7, using: &random))
            var state = TopState(reading)
            for _ in 0..<Int.random(in: 0...40, using: &random) { state.move(by: 1) }
            let screen = Screen(columns: Int.random(in: 40...200, using: &random), isColoured: false)
            let height = Int.random(in: 16...60, using: &random)
            let lines = TopView(state, on: screen, height: height).lines
            try #require(lines.count == height, "seed \(seed), round \(round)")
            try #require(lines.allSatisfy { $0.count <= screen.columns }, "seed \(seed), round \(round)")
            if state.selected != nil {
                try #require(lines.contains { $0.hasPrefix("> ") }, "seed \(seed), round \(round)")
            }
        }
    }
}
