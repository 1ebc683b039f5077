import Model
import Testing

@testable import ControlPlane

struct FallbackFilterTests {
    struct Row: Sendable {
        let milliseconds: UInt64
        let route: UInt16
        let wanted: UInt16
        let admitted: UInt64?
    }

    static let rows: [[Row]] = [
        [Row(milliseconds: 10, route: 0, wanted: 1, admitted: 0)],
        [  // one event a second, the next one tells how many there were besides
            Row(milliseconds: 1_000, route: 0, wanted: 1, admitted: 0),
            Row(milliseconds: 1_400, route: 0, wanted: 1, admitted: nil),
            Row(milliseconds: 1_999, route: 0, wanted: 1, admitted: nil),
            Row(milliseconds: 2_000, route: 0, wanted: 1, admitted: 2),
            Row(milliseconds: 5_000, route: 0, wanted: 1, admitted: 0),
        ],
        [  // routes and regions each count for themselves
            Row(milliseconds: 0, route: 0, wanted: 1, admitted: 0),
            Row(milliseconds: 0, route: 1, wanted: 1, admitted: 0),
            Row(milliseconds: 0, route: 0, wanted: 2, admitted: 0),
            Row(milliseconds: 1, route: 1, wanted: 1, admitted: nil),
        ],
        [  // another worker's ring, read later, may hold an older record
            Row(milliseconds: 2_000, route: 0, wanted: 1, admitted: 0),
            Row(milliseconds: 1_900, route: 0, wanted: 1, admitted: nil),
        ],
    ]

    @Test("the first of a route, region and second becomes an event", arguments: rows)
    func admits(steps: [Row]) {
        var filter = FallbackFilter()
        for step in steps {
            var record = RequestRecord()
            record.startedAt = step.milliseconds * 1_000_000
            record.route = RouteID(rawValue: step.route)
            record.wantedRegion = RegionID(rawValue: step.wanted)
            #expect(filter.admit(record) == step.admitted)
        }
        #expect(filter.suppressed == UInt64(steps.filter { $0.admitted == nil }.count))
    }
}
