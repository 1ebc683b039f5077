import ControlPlane
import Testing

@testable import App

struct ReplayReportTextTests {
    @Test func saysWhoWouldHaveGoneWhere() {
        var report = ReplayReport()
        (report.lines, report.requests, report.decided, report.same) = (1_010, 1_003, 1_000, 849)
        (report.elsewhere, report.refused, report.missing, report.unreadable) = (151, 1, 3, 2)
        report.badLines = [.init(line: 7, why: "not a line of an access log")]
        report.moves = [
            Status.Flow(from: "us/a", to: "us/b", requests: 150),
            Status.Flow(from: "us/a", to: "no_region", requests: 1),
        ]
        #expect(
            report.text == """
                1010 lines, 1003 requests, 1000 decided again: 849 the same
                  151 elsewhere
                  1 of those refused that were not
                3 not decided: what their generation was like is not in the log (give the file before it, too)
                2 lines cannot be used:
                  line 7: not a line of an access log

                FROM  TO         REQUESTS     %
                us/a  us/b            150  15.0
                us/a  no_region         1   0.1
                """)
    }
}
