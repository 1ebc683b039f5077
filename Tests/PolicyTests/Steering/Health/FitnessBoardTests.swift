import Model
import Support
import Testing

@testable import Policy

struct FitnessBoardTests {
    /// Endpoints' health in order (u up, d down, ? unknown), and the events that follow, step by step.
    static let rows: [[(health: String, events: [String])]] = [
        [("??????", []), ("uuuuuu", []), ("uuuuuu", [])],  // healthy from the start is no news
        [("uuuuuu", []), ("duuuuu", []), ("dduuuu", ["CELL_DOWN use-a"]), ("uduuuu", ["CELL_UP use-a"])],
        [("uuuuuu", []), ("dddduu", ["CELL_DOWN use-a", "CELL_DOWN use-b", "REGION_UNFIT us-east"])],
        [
            ("dddduu", ["CELL_DOWN use-a", "CELL_DOWN use-b", "REGION_UNFIT us-east"]),
            ("uddduu", ["CELL_UP use-a", "REGION_FIT us-east"]),
        ],
        [
            ("uuuudd", ["CELL_DOWN euw-a", "REGION_UNFIT eu-west"]),
            ("uuuuuu", ["CELL_UP euw-a", "REGION_FIT eu-west"]),
        ],
        [("uuuuuu", []), ("????uu", []), ("ddduuu", ["CELL_DOWN use-a"])],  // unknown decides nothing
        [("d?uuuu", []), ("dduuuu", ["CELL_DOWN use-a"])],
    ]

    @Test("changes are told once", arguments: rows.indices)
    func tells(index: Int) {
        var board = FitnessBoard()
        for step in Self.rows[index] {
            let transitions = board.update(Self.snapshot(step.health), Configuration.SpillRules(), standby: [])
            #expect(transitions.map { "\($0.kind.rawValue) \($0.subject)" } == step.events)
        }
    }

    @Test func saysHowMany() {
        var board = FitnessBoard()
        #expect(
            board.update(Self.snapshot("uuuudd"), Configuration.SpillRules(), standby: []).map(\.cause) == [
                "0 of 2 endpoints are healthy", "healthy cells hold 0 % of its weight",
            ])
    }

    @Test func standbyRegionsAreNotAnnounced() {
        var board = FitnessBoard()
        let transitions = board.update(Self.snapshot("uuuudd"), Configuration.SpillRules(), standby: ["eu-west"])
        #expect(transitions.map(\.kind) == [.cellDown])
    }

    private static func snapshot(_ health: String) -> Snapshot {
        var world = SmallWorld()
        world.health = health.map { $0 == "u" ? .up : $0 == "d" ? .down : .unknown }
        return world.snapshot
    }
}
