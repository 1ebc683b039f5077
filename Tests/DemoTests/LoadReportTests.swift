import Testing

@testable import Demo

struct LoadReportTests {
    static let good = LoadAnswer(
        status: 200, edgeRegion: "eu", edgeCell: "eu-a", reason: "x_region", demoRegion: "eu", demoCell: "eu-a",
        endpoint: "eu-a-1")

    static func changed(_ change: (inout LoadAnswer) -> Void) -> LoadAnswer {
        var answer = good
        change(&answer)
        return answer
    }

    static let rows: [(LoadAnswer, String?)] = [
        (good, nil),
        (changed { $0.status = 204 }, nil),
        (changed { $0.status = 307 }, nil),
        (changed { $0.status = 404 }, "status 404 (x_region)"),
        (changed { ($0.status, $0.reason) = (503, nil) }, "status 503"),
        (changed { $0.status = 0 }, "status 0 (x_region)"),
        (changed { $0.edgeCell = "eu-b" }, "the edge said eu-b, but eu-a answered"),
        (changed { $0.edgeCell = nil }, nil),
    ]

    @Test("an answer is a failure for its status or a false name", arguments: rows)
    func judges(answer: LoadAnswer, failure: String?) {
        var report = LoadReport()
        report.record(answer, microseconds: 10)
        #expect(answer.failure == failure)
        #expect(report.answered == (failure == nil ? 1 : 0))
        #expect(report.failures == (failure.map { [$0: 1] } ?? [:]))
        #expect(report.statuses == [answer.status: 1])
    }

    @Test func reportsAddUp() {
        var (one, other) = (LoadReport(), LoadReport())
        one.record(LoadReportTests.good, microseconds: 10)
        other.record(LoadReportTests.good, microseconds: 90)
        other.failures = ["connection reset": 2]
        (one.sent, other.sent) = (1, 3)
        one.merge(other)
        #expect(one.sent == 4 && one.answered == 2 && one.failed == 2)
        #expect(one.regions == ["eu": 2] && one.reasons == ["x_region": 2])
        #expect(one.latency.count == 2 && one.latency.maxMicroseconds == 90)
    }
}
