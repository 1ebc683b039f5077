import Admin
import ControlPlane
import Testing

@testable import App

struct StatusTextTests {
    private var status: Status.Edge {
        Status.Edge(
            version: "1.2.3", edge: "edge-1", region: "us-east", generation: 7, acknowledgedGenerations: [7, 6],
            uptimeSeconds: 61, isReady: true, isDraining: false,
            totals: ["requests": 12_000, "responses_2xx": 11_000, "rescues": 0],
            events: [
                Status.Event(
                    number: 1,
                    time: "2026-01-02T03:04:05.006Z", generation: 6, event: "ENDPOINT_EJECTED",
                    subject: "use-a/127.0.0.1:7102", cause: String(repeating: "no answer ", count: 20))
            ])
    }

    @Test("status: who, how, what was counted, what happened")
    func edge() {
        let lines = StatusText.lines(status)
        #expect(
            lines.prefix(10) == [
                "edge        edge-1 in us-east, version 1.2.3", "state       ready, up 1 m 1 s",
                "generation  7, not yet by 1 of 2 workers", "", "TOTAL           COUNT", "requests       12,000",
                "responses 2xx  11,000", "", "LATEST EVENTS",
                "2026-01-02T03:04:05Z  ENDPOINT_EJECTED  use-a/127.0.0.1:7102",
            ])
        let cause = lines.dropFirst(10)
        #expect(cause.joined(separator: " ").split(separator: " ").count == 40, "nothing is cut")
        #expect(lines.allSatisfy { $0.count <= 80 })
    }

    @Test("status: the state in words")
    func state() {
        var status = status
        status.acknowledgedGenerations = [7, 7]
        #expect(StatusText.lines(status)[2] == "generation  7, applied by all 2 workers")
        status.isReady = false
        #expect(StatusText.lines(status)[1].contains("not ready yet"))
        status.isDraining = true
        #expect(StatusText.lines(status)[1].contains("draining"))
        (status.totals, status.events) = (["requests": 0], [])
        #expect(StatusText.lines(status).last == "nothing counted yet")
    }

    private func region(_ name: String, mode: String = "active", isFit: Bool, isOpen: Bool) -> Status.Region {
        Status.Region(
            name: name, jurisdiction: "eu", mode: mode, isLocal: name == "here", isFit: isFit, isOpen: isOpen,
            cells: ["a", "b"], endpointsUp: 1, endpoints: 2, rttMicroseconds: 81_000)
    }

    @Test("regions: whether they serve")
    func regions() {
        let list = [
            region("here", isFit: true, isOpen: true), region("full", isFit: true, isOpen: false),
            region("ill", isFit: false, isOpen: false),
            region("spare", mode: "standby", isFit: false, isOpen: false),
        ]
        #expect(
            StatusText.lines(list) == [
                "REGION        JURISDICTION  STATE         UP    RTT  CELLS",
                "here (local)  eu            open         1/2  81 ms  a, b",
                "full          eu            fit, closed  1/2  81 ms  a, b",
                "ill           eu            unfit        1/2  81 ms  a, b",
                "spare         eu            standby      1/2  81 ms  a, b",
            ])
    }

    @Test("regions: the worst lag of their datasets, in 80 columns")
    func lag() {
        var list = [region("here", isFit: true, isOpen: true), region("there", isFit: true, isOpen: false)]
        list.append(region("apart", isFit: true, isOpen: true))
        list[0].replication = [ReplicationTextTests.copy("here", lag: 0, "fresh")]
        list[1].replication = [
            ReplicationTextTests.copy("there", lag: 90_000, "broken"),
            ReplicationTextTests.copy("there", lag: 7, "near"),
        ]
        #expect(
            StatusText.lines(list) == [
                "REGION        JURISDICTION  STATE         UP    RTT       LAG  TIER    CELLS",
                "here (local)  eu            open         1/2  81 ms      0 ms  fresh   a, b",
                "there         eu            fit, closed  1/2  81 ms  1 m 30 s  broken  a, b",
                "apart         eu            open         1/2  81 ms         -  -       a, b",
            ])
        #expect(DetailText.lines(list[1], [], []).contains("lag         orders 1 m 30 s, broken"))
    }

    @Test("regions: what an operator's dial and a spill leave", arguments: [(40.0, true, "open, keeps 40 %")])
    func keeps(percent: Double, isOpen: Bool, expected: String) {
        var dialed = region("here", isFit: true, isOpen: isOpen)
        (dialed.keptPercent, dialed.isDialed) = (percent, true)
        #expect(StatusText.lines([dialed])[1].contains(expected))
        (dialed.keptPercent, dialed.isOpen, dialed.isFit) = (0, false, false)
        #expect(StatusText.lines([dialed])[1].contains("taken out"))
    }

    @Test("cells: weights in force, and why an endpoint is down")
    func cells() {
        func endpoint(_ health: String, _ failure: String?) -> Status.Endpoint {
            Status.Endpoint(address: "127.0.0.1:1", health: health, rttMicroseconds: 0, lastFailure: failure)
        }
        let ejected = Status.Endpoint(
            address: "127.0.0.1:2", health: "ejected", rttMicroseconds: 0, lastFailure: nil,
            cause: "5 requests in a row failed", ejectedForSeconds: 25)
        func cell(_ name: String, _ effective: Int, _ endpoints: [Status.Endpoint]) -> Status.Cell {
            Status.Cell(
                name: name, region: "us-east", health: "healthy", weightConfigured: 50, weightEffective: effective,
                capacity: 20_000, rttMicroseconds: 420, endpoints: endpoints)
        }
        var leaving = cell("use-b", 10, [endpoint("down", nil), endpoint("unknown", nil), ejected])
        leaving.share = 400
        leaving.drain = "ramping, 40 % of its share (drain 1)"
        let list = [
            cell("use-a", 50, [endpoint("up", "once"), endpoint("down", "connection refused")]),
            leaving,
        ]
        #expect(
            StatusText.lines(list) == [
                "REGION   CELL   HEALTH        WEIGHT   UP      RTT  CAPACITY",
                "us-east  use-a  healthy         50 %  1/2  0.42 ms  20,000/s",
                "us-east  use-b  healthy  4 % (of 50)  0/3  0.42 ms  20,000/s",
                "",
                "use-b is draining: ramping, 40 % of its share (drain 1)",
                "use-a/127.0.0.1:1 is down: connection refused",
                "use-b/127.0.0.1:1 is down: no probe succeeded",
                "use-b/127.0.0.1:2 is ejected for another 25 s: 5 requests in a row failed",
            ])
    }

    @Test("cells: load, and what operators set, in 80 columns")
    func load() {
        var cell = TopViewTests.cell("use-a", "us-east", share: 3_700)
        (cell.weightSet, cell.endpoints) = (TopViewTests.setting, [])
        #expect(
            StatusText.lines([cell]) == [
                "REGION   CELL   HEALTH         WEIGHT   UP      RTT  IN FL     RATE    ERR",
                "us-east  use-a  healthy  37 % (of 50)  0/0  0.42 ms     17  1,234/s  0.5 %",
                "", "use-a is set to 37 % by anna until 2026-01-02 05:04Z: canary",
            ])
        let wide = StatusText.lines([cell], on: Screen(columns: 100, isColoured: false))
        #expect(wide[1].hasSuffix("0.5 %  20,000/s"))
    }
}
