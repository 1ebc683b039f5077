import ControlPlane
import Testing

@testable import App

struct DetailTextTests {
    @Test("all of a cell, with its history")
    func cell() {
        var cell = TopViewTests.cell("use-a", "us-east", share: 3_700)
        cell.weightSet = TopViewTests.setting
        #expect(
            DetailText.lines(cell, [EventTextTests.event("CELL_UP")]) == [
                "cell        use-a in us-east", "health      healthy, 1 of 2 endpoints up",
                "weight      37 % in force, 50 % in the file, share 37 %",
                "set to      37 % by anna until 2026-01-02 05:04Z: canary", "rtt         0.42 ms",
                "requests    1,234/s, 17 in flight, errors 0.5 %", "capacity    20,000/s", "sessions    5,000", "",
                "ENDPOINT        HEALTH      RTT  NOTE", "127.0.0.1:7101  up      0.42 ms",
                "127.0.0.1:7102  down          -  down: connection refused", "", "LATEST EVENTS",
                "2026-01-02T03:04:05Z  CELL_UP  use-a", "    2 of 2 endpoints are down",
            ])
    }

    @Test("all of a region, within any screen", arguments: [40, 80])
    func region(columns: Int) {
        var region = TopViewTests.region("us-east", ["use-a"])
        (region.dialSet, region.drain, region.band) = (
            TopViewTests.setting, "drained (drain 3)", ["us-east", "us-west"]
        )
        let lines = DetailText.lines(
            region, [TopViewTests.cell("use-a", "us-east", share: 0)], [],
            on: Screen(columns: columns, isColoured: false))
        #expect(lines.allSatisfy { $0.count <= columns })
        #expect(lines.contains("as near as  us-east, us-west") && lines.contains("drain       drained (drain 3)"))
        #expect(lines.last == "no events")
    }
}
