import Model
import Policy
import Support
import Testing

struct SessionCourseTests {
    enum Drain: CaseIterable { case none, newOnly, halfOfSessions, all }
    enum Kind: CaseIterable { case unkeyed, keyed, sessionBelow, sessionAbove }

    struct Place: CustomTestStringConvertible, Sendable {
        var weight: Int
        var health: HealthState
        var drain: Drain
        var testDescription: String { "weight \(weight), \(health), drain \(drain)" }
    }

    static let places = [0, 1, 99, 100].flatMap { weight in
        HealthState.allCases.flatMap { health in
            Drain.allCases.map { Place(weight: weight, health: health, drain: $0) }
        }
    }

    /// `us` has the cell `a` of the place and `b`, which is up and has the rest of the weight; `eu` is up.
    static func world(_ place: Place) -> SnapshotFixture {
        var world = SnapshotFixture(
            local: "us",
            [
                .region(
                    "us", [.cell("a", place.weight, [.init(place.health)]), .cell("b", 100 - place.weight, [.up])]),
                .region("eu", [.cell("c", [.up])]),
            ])
        world.routes[0].sessions = .producer
        guard place.drain != .none else { return world }
        world.drain("a", place.drain == .newOnly ? 0 : place.drain == .all ? 10_000 : 5_000)
        // What a drained cell gives up goes to the region's others in proportion; weight 0 stays 0.
        if place.weight < 100 { world["b"].share = 10_000 }
        return world
    }

    /// What routing.md says: how often of 100 requests each of a, b and c takes one, and why the sessions go.
    static func expected(_ place: Place, _ kind: Kind) -> [Int] {
        let (toA, toB, toC) = ([100, 0, 0], [0, 100, 0], [0, 0, 100])
        let leaves = place.drain == .all || (place.drain == .halfOfSessions && kind == .sessionBelow)
        let isSession = kind == .sessionBelow || kind == .sessionAbove
        if isSession, place.health == .up, !leaves { return toA }
        let takesNew = place.health == .up && place.drain == .none && place.weight > 0
        if isSession || !takesNew { return place.weight < 100 ? toB : toC }
        return place.weight == 100 ? toA : [place.weight, 100 - place.weight, 0]
    }

    @Test("weight × health × session × drain", arguments: places)
    func matrix(_ place: Place) {
        for kind in Kind.allCases {
            let ask = Ask(SessionCourseTests.world(place))
            let held = SessionHold(region: ask.world.region("us"), cell: ask.world.cell("a"))
            var counts = [0, 0, 0]
            for turn in 0..<100 as Range<UInt64> {
                let decision =
                    switch kind {
                    case .unkeyed: ask()
                    case .keyed: ask(key: turn * 100 + 50)  // one in each hundred of buckets
                    case .sessionBelow: ask(key: SessionStageTests.key(slot: 40 * turn), hold: held)
                    case .sessionAbove: ask(key: SessionStageTests.key(slot: 5_000 + 40 * turn), hold: held)
                    }
                counts[decision.cell.index] += 1
            }
            #expect(counts == SessionCourseTests.expected(place, kind), "\(kind)")
        }
    }
}
