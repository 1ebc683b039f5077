import Testing

@testable import App

struct DrainProgressTests {
    static let rows: [(Int, Int, Int)] = [
        (100, 0, 0), (50, 0, 5), (0, 0, 10), (0, 50, 15), (0, 100, 20), (300, 0, 0), (-9, 400, 20),
    ]
    @Test("new work is the bar's first half, sessions its second", arguments: rows)
    func bar(admission: Int, moved: Int, filled: Int) throws {
        let bar = DrainProgress.bar(
            try OperatorTextTests.drain("moving", admission: admission, moved: moved), width: 20)
        #expect(bar.count { $0 == "#" } == filled && bar.count { $0 == "." } == 20 - filled && bar.count == 22)
    }

    @Test("a line says what is waited for, and for how long at that pace")
    func lines() throws {
        var progress = DrainProgress(isTerminal: true)
        var drain = try OperatorTextTests.drain("ramping", admission: 40)
        drain.requestsInFlight = 1_200
        #expect(progress.line(drain, at: 0) == "[######..............] new work at 40 %, 12 s left, 1,200 in flight")
        drain = try OperatorTextTests.drain("moving", admission: 0, moved: 10)
        #expect(progress.line(drain, at: 20_000) == "[###########.........] sessions 10 % gone")
        drain.sessionsMovedPercent = 40
        #expect(progress.line(drain, at: 50_000) == "[##############......] sessions 40 % gone, 60 s left")
        (drain.state, drain.sessionsMovedPercent, drain.requestsInFlight, drain.isApplied) = ("drained", 100, 3, false)
        #expect(
            progress.line(drain, at: 110_000)
                == "[####################] drained, 3 in flight, not yet on all workers")
    }

    @Test("a line never breaks", arguments: [40, 60, 80])
    func fits(columns: Int) throws {
        var progress = DrainProgress(isTerminal: true, screen: Screen(columns: columns, isColoured: true))
        var drain = try OperatorTextTests.drain("drained", admission: 0, moved: 100)
        (drain.resetsStreams, drain.requestsInFlight, drain.isApplied) = (true, 123_456_789, false)
        #expect(progress.line(drain, at: 0).count <= columns - 1)
    }
}
