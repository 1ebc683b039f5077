import Foundation
import Testing

/// Answers that the edge makes itself: status, reason, problem document, `proxy-status` (interfaces.md).
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ProblemTests {
    /// The answer is a problem document that says `status` and `reason` wherever it says them.
    static func expect(
        _ answer: FrameClient.Answer, _ status: Int, _ reason: String, proxy error: String? = nil,
        at location: SourceLocation = #_sourceLocation
    ) {
        let fields = answer.fields ?? Fields()
        let object = try? JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        let document = object ?? [:]
        #expect(answer.status == status, "\(answer.text)", sourceLocation: location)
        #expect(fields["content-type"] == "application/problem+json", sourceLocation: location)
        #expect(fields["content-length"] == "\(answer.body.count)", sourceLocation: location)
        #expect(fields["x-portolan-reason"] == reason, sourceLocation: location)
        #expect(document["status"] as? Int == status, sourceLocation: location)
        #expect(document["reason"] as? String == reason, sourceLocation: location)
        #expect((document["type"] as? String)?.contains(reason) == true, sourceLocation: location)
        #expect((document["title"] as? String)?.isEmpty == false, sourceLocation: location)
        #expect((document["request_id"] as? String)?.isEmpty == false, sourceLocation: location)
        #expect(fields["proxy-status"] == error.map { "edge-1; error=\($0)" }, sourceLocation: location)
        #expect(fields.has("retry-after") == (status == 503), sourceLocation: location)
    }

    static let never: ScriptedBackend.Serve = { $0.hang() }

    @Test func noRoute() throws {
        let only = EdgeConfiguration(defaultRoute: "{name: only, match: {path_prefix: /here}}")
        try Stage.open(only) {
            $0.respond(200)
        } test: { stage in
            let client = try FrameClient(stage.edge)
            ProblemTests.expect(try client.exchange(FrameClient.get("/there")), 404, "no_route")
            #expect(try client.exchange(FrameClient.get("/here/too")).status == 200)
        }
    }

    @Test func noAnswerInTime() throws {
        try Stage.open(EdgeConfiguration(upstream: ["response_timeout: 300ms"]), serve: ProblemTests.never) { stage in
            let client = try FrameClient(stage.edge)
            let seconds = try Patience.seconds {
                let answer = try client.exchange(FrameClient.get("/"))
                ProblemTests.expect(answer, 504, "upstream_timeout", proxy: "http_response_timeout")
            }
            #expect((0.29...0.75).contains(seconds))
        }
    }

    @Test func theWholeRequestTakesTooLong() throws {
        let configuration = EdgeConfiguration(defaultRoute: "{name: default, match: {}, timeout: 300ms}")
        try Stage.open(configuration, serve: ProblemTests.never) { stage in
            let answer = try FrameClient(stage.edge).exchange(FrameClient.get("/"))
            ProblemTests.expect(answer, 504, "total_timeout", proxy: "http_response_timeout")
        }
    }

    @Test func theStreamIsReset() throws {
        try Stage.open {
            $0.reset(Code.internalError)
        } test: { stage in
            let answer = try FrameClient(stage.edge).exchange(FrameClient.get("/"))
            ProblemTests.expect(answer, 502, "upstream_reset", proxy: "connection_terminated")
        }
    }

    @Test func theConnectionBreaks() throws {
        try Stage.open {
            $0.connection.close()
        } test: { stage in
            let answer = try FrameClient(stage.edge).exchange(FrameClient.post("/"), body: [1])
            ProblemTests.expect(answer, 502, "upstream_reset", proxy: "connection_terminated")
        }
    }

    @Test func theEndpointSpeaksNonsense() throws {
        try Stage.open { stream in
            // A frame of DATA before any head is no answer (RFC 9113 §8.1).
            stream.connection.socket.write(Frame.data(stream.id, [1, 2, 3]))
        } test: { stage in
            let answer = try FrameClient(stage.edge).exchange(FrameClient.get("/"))
            #expect(answer.status == 502)
        }
    }

    @Test func theQueueOfAnEndpointIsFull() throws {
        let one = ["max_connections: 1", "max_pending: 1", "max_requests: 1"]
        try Stage.open(EdgeConfiguration(upstream: one)) { stream in
            if stream.path == "/slow" { return stream.hang() }
            stream.respond(200)
        } test: { stage in
            let client = try FrameClient(stage.edge)
            client.open(FrameClient.get("/slow"))
            try Patience.wait(for: "the slow one") { stage.backend.requests.count == 1 }
            let answer = try client.exchange(FrameClient.get("/"))
            ProblemTests.expect(answer, 503, "upstream_queue_full", proxy: "connection_limit_reached")
        }
    }

    @Test func theWaitForAStreamIsTooLong() throws {
        let one = ["max_connections: 1", "pending_timeout: 200ms"]
        try Stage.open(EdgeConfiguration(upstream: one), settings: [(3, 1)]) {
            $0.hang()
        } test: { stage in
            let client = try FrameClient(stage.edge)
            client.open(FrameClient.get("/slow"))
            try Patience.wait(for: "the slow one") { stage.backend.requests.count == 1 }
            let answer = try client.exchange(FrameClient.get("/"))
            ProblemTests.expect(answer, 503, "upstream_queue_timeout", proxy: "connection_limit_reached")
            #expect(stage.backend.requests.count == 1)
        }
    }

    @Test func theRequestHasBeenHere() throws {
        try Stage.open {
            $0.respond(200)
        } test: { stage in
            let client = try FrameClient(stage.edge, .strangers)
            let loop = try client.exchange(FrameClient.get("/", ["via": "1.1 x, 2.0 edge-1 (portolan), 1.1 y"]))
            ProblemTests.expect(loop, 508, "loop_detected", proxy: "proxy_loop_detected")
            let long = "2.0 a (portolan), 2.0 b (portolan), 2.0 c (portolan)"
            #expect(try client.exchange(FrameClient.get("/", ["via": long])).status == 508)
            #expect(try client.exchange(FrameClient.get("/", ["via": "2.0 a (portolan), 1.1 edge-1"])).status == 200)
            #expect(stage.backend.requests.count == 1)
        }
    }

    @Test func nobodyIsThere() throws {
        try Stage.open {
            $0.respond(200)
        } test: { stage in
            stage.backend.stop()
            let client = try FrameClient(stage.edge)
            // Once the endpoint is known to be down: safe requests are tried all the same, others are not.
            try Patience.wait(for: "no region") {
                try client.exchange(FrameClient.post("/"), body: []).fields?["x-portolan-reason"] == "no_region"
            }
            ProblemTests.expect(try client.exchange(FrameClient.post("/"), body: []), 503, "no_region")
            let safe = try client.exchange(FrameClient.get("/"))
            ProblemTests.expect(safe, 502, "upstream_connect", proxy: "connection_refused")
        }
    }

    @Test func aHeadRequestGetsTheHeadAlone() throws {
        let configuration = EdgeConfiguration(upstream: ["response_timeout: 200ms"])
        try Stage.open(configuration, serve: ProblemTests.never) { stage in
            let head: Fields = [":method": "HEAD", ":scheme": "http", ":authority": "localhost", ":path": "/"]
            let answer = try FrameClient(stage.edge).exchange(head)
            #expect(answer.status == 504 && answer.body.isEmpty && answer.isEnded)
            #expect(answer.fields?["content-type"] == "application/problem+json")
        }
    }

    @Test func gRPCHearsOfItInItsOwnWords() throws {
        let configuration = EdgeConfiguration(upstream: ["response_timeout: 200ms"])
        try Stage.open(configuration, serve: ProblemTests.never) { stage in
            let head = FrameClient.post("/pkg.Service/Method", ["content-type": "application/grpc", "te": "trailers"])
            let answer = try FrameClient(stage.edge).exchange(head, body: [0, 0, 0, 0, 0])
            #expect(answer.status == 200 && answer.body.isEmpty)
            #expect(answer.fields?["content-type"] == "application/grpc")
            #expect(answer.fields?["grpc-status"] == "4")
            #expect(answer.fields?["grpc-message"] == "upstream_timeout, may have been applied")
        }
    }

    @Test func aTunnelIsRefused() throws {
        try Stage.open {
            $0.respond(200)
        } test: { stage in
            let head: Fields = [":method": "CONNECT", ":authority": "localhost:22"]
            let answer = try FrameClient(stage.edge).exchange(head)
            #expect(answer.status == 501 && stage.backend.requests.isEmpty)
        }
    }

    @Test func theRequestsOwnIdIsNamed() throws {
        let configuration = EdgeConfiguration(upstream: ["response_timeout: 200ms"])
        try Stage.open(configuration, serve: ProblemTests.never) { stage in
            let answer = try FrameClient(stage.edge).exchange(FrameClient.get("/", ["x-request-id": "a\"b-7"]))
            #expect(answer.text.contains("\"request_id\":\"a?b-7\""))
        }
    }
}
