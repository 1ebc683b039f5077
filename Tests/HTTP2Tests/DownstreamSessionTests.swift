import HTTP2
import Model
import Support
import Testing

struct DownstreamSessionTests {
    @Test("keeps a client to the rules", arguments: Rules.all)
    func keepsTheRules(rule: ConformanceCase) {
        let side = Side<DownstreamSession>()
        side.answersRequests()
        side.owner.consumes = !rule.isStalled
        side.greet()
        check(side, rule) { side.feed($0) }
    }

    @Test("however its frames are torn", arguments: Rules.all)
    func keepsTheRulesByteByByte(rule: ConformanceCase) {
        let side = Side<DownstreamSession>()
        side.answersRequests()
        side.owner.consumes = !rule.isStalled
        side.greet()
        check(side, rule) { bytes in for byte in bytes { side.feed([byte]) } }
    }

    private func check(_ side: Side<DownstreamSession>, _ rule: ConformanceCase, feed: ([UInt8]) -> Void) {
        var said: [String] = []
        for batch in rule.frames.split(separator: Rules.pause) {
            feed(batch.flatMap(\.bytes))
            said += side.drainFrames().map(\.text)
        }
        let goodbyes = said.filter { $0.hasPrefix("GOAWAY") }
        switch rule.outcome {
        case .connectionError(let code):
            #expect(goodbyes.count == 1 && goodbyes[0].hasSuffix(" \(code)"), "\(said)")
            #expect(side.session.isFinished)
            return
        case .streamError(let stream, let code): #expect(said.contains("RST_STREAM \(stream) \(code)"), "\(said)")
        case .answered(let stream): #expect(said.contains("HEADERS \(stream)"), "\(said)")
        case .ends(let stream):
            if let stream { #expect(said.contains("HEADERS \(stream)"), "\(said)") }
            #expect(goodbyes.isEmpty && side.session.isFinished)
            return
        case .nothing: #expect(!said.contains { $0.hasPrefix("RST_STREAM") }, "\(said)")
        case .says(let line):
            #expect(said.contains(line), "\(said)")
            if line.hasPrefix("GOAWAY") { return }
        }
        #expect(goodbyes.isEmpty, "\(said)")
        #expect(side.answer(ping(99)).contains("PING ack"), "the connection goes on")
    }
}
