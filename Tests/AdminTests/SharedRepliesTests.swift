import HummingbirdTesting
import Model
import Testing

@testable import Admin

struct SharedRepliesTests {
    private static func status(_ front: AdminFront) async throws -> Int {
        #expect(try await front.ask(.get, "/v1/status").status == .ok)
        return front.service.state.withLock { $0.looks }
    }

    @Test("whoever looks now and then is told of this moment, and a flood shares one answer of a moment ago")
    func shares() async throws {
        let front = AdminFront()
        for number in 1...SharedReplies.burst + 1 { #expect(try await SharedRepliesTests.status(front) == number) }
        for _ in 0..<20 { #expect(try await SharedRepliesTests.status(front) == SharedReplies.burst + 1) }
        front.clock.advance(milliseconds: SharedReplies.milliseconds)
        #expect(try await SharedRepliesTests.status(front) == SharedReplies.burst + 2, "too old")
        #expect(try await SharedRepliesTests.status(front) == SharedReplies.burst + 3, "one more was saved up")
        #expect(try await SharedRepliesTests.status(front) == SharedReplies.burst + 3)
        #expect(try await front.ask(.get, "/v1/regions").status == .ok)
    }

    @Test("a change, a generation and its acknowledgement are seen at once, flood or not")
    func sees() async throws {
        let front = AdminFront()
        for _ in 0...SharedReplies.burst { _ = try await SharedRepliesTests.status(front) }
        var looks = try await SharedRepliesTests.status(front)
        for generations in [[8, 7, 7], [8, 8, 7], [8, 8, 8]] as [[UInt64]] {
            front.service.state.withLock { $0.generations = generations }
            looks += 1
            #expect(try await SharedRepliesTests.status(front) == looks)
            #expect(try await SharedRepliesTests.status(front) == looks)
        }
        let body = #"{"percent": 1, "reason": "r"}"#
        #expect(try await front.ask(.put, "/v1/cells/use-a/weight", body).status == .ok)
        #expect(try await SharedRepliesTests.status(front) == looks + 1)
    }

    @Test("parts of a list are of their own")
    func queries() async throws {
        let front = AdminFront()
        for _ in 0...SharedReplies.burst { _ = try await front.ask(.get, "/v1/cells") }
        let whole = try await front.ask(.get, "/v1/cells").text
        let part = try await front.ask(.get, "/v1/cells?limit=1").text
        #expect(part != whole && part.count < whole.count)
        #expect(try await front.ask(.get, "/v1/cells?limit=0").refusal == "400 bad_request")
        #expect(try await front.ask(.get, "/v1/cells", as: "nobody").refusal == "401 unauthorized")
    }
}
