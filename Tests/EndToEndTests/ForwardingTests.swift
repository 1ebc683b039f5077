import Foundation
import Testing

/// Requests and answers of every shape, asked by curl.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ForwardingTests {
    @Test(
        "curl is served",
        arguments: [
            (RunningEdge.Listener.secure, ["--tls-max", "1.2"]), (.secure, ["--tlsv1.3"]), (.plain, []),
        ])
    func curlIsServed(listener: RunningEdge.Listener, options: [String]) throws {
        try Stage.open {
            try $0.respond(200, body: "hello \($0.path)")
        } test: { stage in
            let answer = try Curl.get(stage.edge, "/a?b=c%20d&e", listener, options)
            #expect(answer.status == 200 && answer.version == "2")
            #expect(answer.body == "hello /a?b=c%20d&e")
        }
    }

    @Test func aHeadRequestHasALengthAndNoBody() throws {
        try Stage.open {
            $0.respond(200, ["content-length": "12345"])
        } test: { stage in
            let answer = try Curl.get(stage.edge, "/", .plain, ["--head"])
            #expect(answer.exit == 0 && answer.status == 200 && answer.downloaded == 0)
            #expect(answer.fields["content-length"] == "12345")
            #expect(stage.backend.requests.first?[":method"] == "HEAD")
        }
    }

    @Test("answers without a body", arguments: [204, 304])
    func answersWithoutABody(status: Int) throws {
        try Stage.open {
            $0.respond(status, ["etag": "\"1\""])
        } test: { stage in
            let answer = try Curl.get(stage.edge, "/")
            #expect(answer.exit == 0 && answer.status == status && answer.body.isEmpty)
            #expect(answer.fields["etag"] == "\"1\"")
        }
    }

    @Test("statuses pass as they are", arguments: [201, 301, 400, 404, 418, 429, 500])
    func statusesPass(status: Int) throws {
        try Stage.open {
            try $0.respond(status, ["location": "/there"], body: "why")
        } test: { stage in
            let answer = try Curl.get(stage.edge, "/")
            #expect(answer.status == status && answer.body == "why" && answer.fields["location"] == "/there")
        }
    }

    @Test("uploads arrive whole", arguments: [0, 1, 65_536, 3_000_000])
    func uploadsArriveWhole(byteCount: Int) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("upload", byteCount: byteCount)
        let expected = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        try Stage.open { stream in
            let isWhole = try stream.body(within: 20) == expected
            try stream.respond(200, body: isWhole ? "whole" : "torn")
        } test: { stage in
            for listener in [RunningEdge.Listener.secure, .plain] {
                let answer = try Curl.get(stage.edge, "/", listener, ["--data-binary", "@\(file)"])
                #expect(answer.body == "whole")
            }
            #expect(stage.backend.requests.allSatisfy { $0["content-length"] == "\(byteCount)" })
        }
    }

    @Test func aBigAnswerArrivesWhole() throws {
        let (megabyte, count) = ([UInt8](repeating: 97, count: 1 << 20), 64)
        try Stage.open { stream in
            stream.respond(200, end: false)
            for index in 0..<count { try stream.send(megabyte, end: index == count - 1) }
        } test: { stage in
            for listener in [RunningEdge.Listener.secure, .plain] {
                let answer = try Curl.get(stage.edge, "/", listener, ["--output", "/dev/null"])
                #expect(answer.exit == 0 && answer.downloaded == count << 20)
            }
        }
    }

    @Test func earlyHintsPassBeforeTheAnswer() throws {
        try Stage.open { stream in
            stream.inform(103, ["link": "</style.css>; rel=preload"])
            try stream.respond(200, body: "page")
        } test: { stage in
            let answer = try FrameClient(stage.edge).exchange(FrameClient.get("/"))
            #expect(answer.informational.count == 1)
            #expect(answer.informational.first?[":status"] == "103")
            #expect(answer.informational.first?["link"] == "</style.css>; rel=preload")
            #expect(answer.status == 200 && answer.text == "page")
            #expect(try Curl.get(stage.edge, "/", .secure).statuses == [103, 200])
        }
    }

    @Test func continueIsTheBackendsToSay() throws {
        try Stage.open { stream in
            stream.inform(100)
            let body = try stream.body()
            try stream.respond(200, body: String(decoding: body, as: UTF8.self))
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let stream = client.open(FrameClient.post("/", ["expect": "100-continue"]), end: false)
            try client.wait(for: "100") { client.answers[stream]?.informational.isEmpty == false }
            client.send(.data(stream, Array("now".utf8), end: true))
            let answer = try client.answer(to: stream)
            #expect(answer.informational.map { $0[":status"] } == ["100"])
            #expect(answer.text == "now")
            let curl = try Curl.get(
                stage.edge, "/", .secure, ["--header", "expect: 100-continue", "--data-binary", "text"])
            #expect(curl.status == 200 && curl.body == "text")
        }
    }

    @Test func manyRequestsShareAConnection() throws {
        try Stage.open {
            try $0.respond(200, body: $0.path)
        } test: { stage in
            let client = try FrameClient(stage.edge)
            let streams = (0..<100).map { client.open(FrameClient.get("/\($0)")) }
            for (index, stream) in streams.enumerated() {
                #expect(try client.answer(to: stream).text == "/\(index)")
            }
        }
    }

    @Test func anEdgeWithSeveralWorkersServes() throws {
        let backend = try ScriptedBackend { try $0.respond(200, body: "ok") }
        defer { backend.stop() }
        let edge = try RunningEdge(EdgeConfiguration().with(endpoints: [backend.address]), workers: 3)
        let report = try LoadReport.run(edge, "/", ["-n", "600", "-c", "12", "-m", "5"])
        #expect(report.succeeded == 600 && report.statuses[200] == 600)
    }
}
