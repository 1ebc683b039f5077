import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Admin

struct CallValuesTests {
    static let wrong: [(body: String, detail: String)] = [
        ("", "the body is not JSON"), ("[]", "the body is a list"), ("{", "the body is not JSON"),
        (#"{"percent": 1}"#, "reason: missing or empty"), (#"{"reason": "r"}"#, "percent: missing"),
        (#"{"percent": "1", "reason": "r"}"#, "percent: a text is no whole number"),
        (#"{"percent": 1.5, "reason": "r"}"#, "percent: 1.5 is no whole number"),
        (#"{"percent": true, "reason": "r"}"#, "percent: true is no whole number"),
        (#"{"percent": 101, "reason": "r"}"#, "percent: 101 is not within 0 to 100"),
        (#"{"percent": 1, "reason": null}"#, "reason: null is no text"),
        (#"{"percent": 1, "reason": ""}"#, "reason: missing or empty"),
        (
            #"{"percent": 1, "reason": "r", "expires": "2h"}"#,
            "expires: no such key; there are percent, reason, expires_in"
        ),
        (#"{"percent": 1, "reason": "r", "expires_in": "2 hours"}"#, "expires_in: “2 hours” is no duration"),
        (#"{"percent": 1, "reason": "r", "expires_in": "9999999999d"}"#, "expires_in: “9999999999d” is no duration"),
    ]

    @Test("a body is read strictly, and the refusal names the place", arguments: wrong)
    func strictBody(body: String, detail: String) async throws {
        let front = AdminFront()
        let answer = try await front.ask(.put, "/v1/cells/use-a/weight", body)
        #expect(answer.refusal == "400 bad_request" && front.service.commands.isEmpty)
        #expect(answer.problem?.detail.hasPrefix(detail) == true, "\(answer.text)")
    }

    static let fields = [
        Field("limit", .whole(1...9), ""), Field("name", .text(0...3), ""), Field("wait", .duration(upTo: 2_000), ""),
        Field("dry_run", .flag, ""),
    ]

    static let queries: [(String, String?)] = [
        ("", nil), ("limit=9&name=%C3%A4b&wait=2s&dry_run=true", nil), ("name=", nil), ("&&limit=1&", nil),
        ("limit=10", "limit: 10 is not within 1 to 9"), ("limit=", "limit: “” is no whole number"),
        ("limit=+1", "limit: “+1” is no whole number"), ("name=abcd", "name: 4 characters are more than 3"),
        ("wait=3s", "wait: “3s” is longer than 2s"), ("wait=x", "wait: “x” is no duration"),
        ("dry_run=yes", "dry_run: “yes” is no true or false"), ("name=a&name=b", "name: given twice"),
        ("nom=a", "nom: no such parameter; there are limit, name, wait, dry_run"),
        ("name=%F", "the query is not percent-encoded UTF-8"), ("name=%FF", "the query is not percent-encoded UTF-8"),
    ]

    @Test("a query is read strictly", arguments: queries)
    func strictQuery(query: String, problem: String?) {
        do throws(AdminRefusal) {
            let values = try CallValues(query: query, Self.fields)
            #expect(problem == nil, "\(values)")
        } catch {
            #expect(problem.map { error.detail.hasPrefix($0) } == true, "\(error.detail)")
        }
    }

    @Test("a request to explain has headers of one text or several")
    func headers() async throws {
        let front = AdminFront()
        let body = #"{"method": "GET", "path": "/a?b", "headers": {"Host": "x", "X-Region": ["us", "eu"]}}"#
        #expect(try await front.ask(.post, "/v1/explain", body, as: "viewer").text.contains("local_region"))
        let asked = front.service.state.withLock { $0.asked }
        #expect(asked.map(\.path) == ["/a?b"])
        #expect(asked.first?.headers == ["host": ["x"], "x-region": ["us", "eu"]])
        for wrong in [#"{"method": "GET", "path": "a"}"#, #"{"method": "GET", "path": "/", "headers": {"a": 1}}"#] {
            #expect(try await front.ask(.post, "/v1/explain", wrong).refusal == "400 bad_request")
        }
    }
}
