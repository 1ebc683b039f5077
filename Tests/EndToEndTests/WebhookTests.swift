import Foundation
import Testing

/// Events on their way to a receiver that another language's library serves and checks.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct WebhookTests {
    private static let secret = "a-secret-of-the-tests-own"

    private struct Receiver {
        let folder: TemporaryFolder
        let process: ChildProcess
        let port: String

        init(_ statuses: Int...) throws {
            folder = try TemporaryFolder()
            process = try ChildProcess(
                Programs.find("python3"),
                [Programs.scripts + "/webhook_receiver.py", WebhookTests.secret] + statuses.map(String.init),
                name: "receiver", in: folder)
            let process = process
            try Patience.wait(for: "the receiver", within: 20) { process.output.contains("\n") }
            port = String(process.output.prefix { $0 != "\n" })
        }

        var lines: [[String: Any]] {
            process.output.split(separator: "\n").dropFirst().compactMap { line in
                try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            }
        }
    }

    private static func event(_ line: [String: Any]) -> [String: Any] { line["event"] as? [String: Any] ?? [:] }

    @Test func whatIsChosenArrivesSignedAndInOrderWhateverIsAnsweredFirst() throws {
        let folder = try TemporaryFolder()
        try folder.write("healthz", "ok")
        let (server, receiver) = (try Nghttpd(serving: folder), try Receiver(500, 307, 204))
        var configuration = EdgeConfiguration().with(endpoints: ["127.0.0.1:\(server.port)"])
        configuration.certificates = [try TestCertificates.shared.get().localhost]
        let url = "http://127.0.0.1:\(receiver.port)/hook?key=1"
        let first = "{url: \"\(url)\", secret: \"\(WebhookTests.secret)\", events: [CONFIG_*]}"
        configuration.sections = ["events: {webhooks: [\(first)]}"]
        let edge = try RunningEdge(configuration)
        for round in 1...3 {
            configuration.exposesDecision.toggle()
            try edge.reload(configuration)
            try Patience.wait(for: "reload \(round)") {
                edge.process.errors.split(separator: "\n").filter { $0.contains("CONFIG_APPLIED") }.count == round
            }
        }
        try Patience.wait(for: "five deliveries", within: 30) { receiver.lines.count >= 5 }
        let lines = receiver.lines
        #expect(lines.count == 5)
        #expect(lines.map { $0["status"] as? Int } == [500, 307, 204, 204, 204])
        let numbers = lines.compactMap { WebhookTests.event($0)["number"] as? Int }
        #expect(
            numbers[0] == numbers[1] && numbers[1] == numbers[2] && numbers[2] < numbers[3] && numbers[3] < numbers[4])
        for line in lines {
            #expect(line["signed"] as? Bool == true && line["agrees"] as? Bool == true)
            #expect(line["type"] as? String == "application/json" && line["path"] as? String == "/hook?key=1")
            let event = WebhookTests.event(line)
            #expect(event["event"] as? String == "CONFIG_APPLIED" && event["edge"] as? String == "edge-1")
        }
        #expect(try edge.stop() == 0)
    }

    @Test func oneThatIsNotThereHoldsNothingUp() throws {
        let folder = try TemporaryFolder()
        try folder.write("healthz", "ok")
        let (server, receiver) = (try Nghttpd(serving: folder), try Receiver(410))
        var configuration = EdgeConfiguration().with(endpoints: ["127.0.0.1:\(server.port)"])
        let hooks = ["http://127.0.0.1:1/nobody", "http://127.0.0.1:\(receiver.port)/gone"].map {
            "{url: \"\($0)\", secret: 0123456789abcdef}"
        }
        configuration.certificates = [try TestCertificates.shared.get().localhost]
        configuration.sections = ["events: {webhooks: [\(hooks.joined(separator: ", "))]}"]
        let edge = try RunningEdge(configuration)
        configuration.exposesDecision.toggle()
        try edge.reload(configuration)
        try Patience.wait(for: "the 410", within: 20) { edge.process.errors.contains("WEBHOOK_STOPPED") }
        let told = edge.process.errors.split(separator: "\n").first { $0.contains("WEBHOOK_STOPPED") }
        #expect(told?.contains("http://127.0.0.1:\(receiver.port)/…") == true)
        #expect(receiver.lines.count == 1 && receiver.lines[0]["signed"] as? Bool == false)
        #expect(try edge.stop() == 0)
    }
}
