import Admin
import ControlPlane
import Foundation
import Testing

@testable import App

struct OperatorTextTests {
    static func drain(_ state: String, admission: Int, moved: Int = 0) throws -> Status.Drain {
        let text = """
            {"id": 3, "target": "use-a", "kind": "cell", "mode": "ramp", "state": "\(state)", "reason": "deploy 42",
             "who": "admin socket", "started_at": "2026-01-02T03:04:05.000000Z", "resets_streams": false,
             "expires_at": "2026-01-02T15:04:05.000000Z", "over_milliseconds": 30000, "generation": 7,
             "admission_percent": \(admission), "sessions_moved_percent": \(moved), "is_applied": true,
             "is_overdue": false}
            """
        return try AdminJSON.decode(Status.Drain.self, from: Data(text.utf8))
    }

    @Test("what a change moves")
    func changes() {
        let moves = [
            Status.Move(region: "us-east", cell: "use-a", beforePercent: 50, afterPercent: 0.25),
            Status.Move(region: "us-east", cell: nil, beforePercent: 100, afterPercent: 18.5),
        ]
        #expect(
            OperatorText.lines(Status.Change(generation: 9, dryRun: false, moves: moves)) == [
                "changed, generation 9", "", "REGION   CELL                     BEFORE   AFTER",
                "us-east  use-a                      50 %  0.25 %", "us-east  (what the region keeps)   100 %  18.5 %",
            ])
        #expect(
            OperatorText.lines(Status.Change(generation: 9, dryRun: true, moves: moves))[0]
                == "would move (nothing was changed)")
        #expect(OperatorText.lines(Status.Change(generation: 9, dryRun: true, moves: [])) == ["nothing would move"])
    }

    @Test("a dry run: moves, sessions, safety with its numbers, real requests decided again")
    func dryRun() {
        var change = Status.Change(
            generation: 9, dryRun: true,
            moves: [Status.Move(region: "us-east", cell: "use-a", beforePercent: 50, afterPercent: 0)])
        change.sessions = [
            Status.SessionMove(from: "use-a", to: ["use-b", "use-c"], sessions: 1_200),
            Status.SessionMove(from: "use-d", to: [], sessions: 1),
        ]
        change.safety = ["would_overload: 1,900 requests/s would meet a capacity of 2,000, of which 80 % are 1,600"]
        change.whatIf = Status.WhatIf(
            sampled: 1_000, requests: 60_000, different: 497, refused: 2,
            moves: [Status.Flow(from: "us-east/use-a", to: "us-east/use-b", requests: 495)])
        let lines = OperatorText.lines(change)
        #expect(
            lines == [
                "would move (nothing was changed)", "", "REGION   CELL   BEFORE  AFTER",
                "us-east  use-a    50 %    0 %", "", "1,200 sessions of use-a would go to use-b, use-c",
                "1 session of use-d would go nowhere: no cell is left for them", "", "refused without --force:",
                "  would_overload: 1,900 requests/s would meet a capacity of 2,000, of which 80 %", "  are 1,600", "",
                "of 1,000 of the last minute's 60,000 requests, 497 (49.7 %) would go elsewhere",
                "2 would be refused that are not now", "FROM           TO             REQUESTS",
                "us-east/use-a  us-east/use-b       495",
            ])
        #expect(lines.allSatisfy { $0.count <= 80 })
        change.safety = []
        #expect(OperatorText.lines(change).contains("safe: what remains copes"))
    }

    @Test("one drain whole, on a phone, too", arguments: [40, 80])
    func detail(columns: Int) throws {
        var drain = try OperatorTextTests.drain("moving", admission: 0, moved: 50)
        (drain.requestsInFlight, drain.isOverdue) = (1, true)
        #expect(
            OperatorText.words(drain) == "no new work, 50 % of the sessions moved, 1 request in flight, overdue")
        let lines = OperatorText.detail(drain, on: Screen(columns: columns, isColoured: false))
        #expect(lines.allSatisfy { $0.count <= columns } && lines.count { !$0.hasPrefix(" ") } == 8)
        #expect(lines.contains { $0.hasSuffix("overdue") }, "nothing is cut")
        #expect(lines.contains("in flight   1 request") && lines.contains("reason      deploy 42"))
    }

    @Test("drains in a table")
    func drains() throws {
        let list = [
            try OperatorTextTests.drain("ramping", admission: 40),
            try OperatorTextTests.drain("ended", admission: 100),
        ]
        let lines = OperatorText.lines(list)
        #expect(
            lines == [
                "ID  TARGET  STATE    SHARE  MOVED  EXPIRES            REASON",
                " 3  use-a   ramping   40 %    0 %  2026-01-02 15:04Z  deploy 42",
                " 3  use-a   ended    100 %    0 %  -                  deploy 42",
            ])
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(OperatorText.lines([Status.Drain]()) == ["no drains"])
    }

    static let states: [(String, Int, Int, String)] = [
        ("ramping", 40, 0, "ramping, at 40 % of its share"),
        ("moving", 0, 50, "no new work, 50 % of the sessions moved"),
        ("drained", 0, 100, "drained"), ("undraining", 5, 0, "undraining, at 5 % of its share"),
        ("held", 5, 0, "held at 5 % of its share: its errors doubled"), ("ended", 100, 0, "ended"),
    ]
    @Test("how far a drain is, in words", arguments: states)
    func words(state: String, admission: Int, moved: Int, expected: String) throws {
        #expect(OperatorText.words(try OperatorTextTests.drain(state, admission: admission, moved: moved)) == expected)
    }
}
