import Testing

@testable import App

struct SharedQuestionTests {
    /// Numbers its answers, and keeps them to itself while it hangs.
    private actor Oracle {
        private(set) var count = 0
        private var isHanging = true
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func answer() async -> Int {
            count += 1
            let number = count
            if isHanging { await withCheckedContinuation { waiting.append($0) } }
            return number
        }

        func letGo() {
            isHanging = false
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
    }

    private func until(_ condition: () async -> Bool) async {
        while await !condition() { await Task.yield() }
    }

    /// Until the task is cancelled.
    private static let forEver: @Sendable () async -> Void = {
        let (nothing, teller) = AsyncStream<Void>.makeStream()
        for await _ in nothing {}
        teller.finish()
    }

    @Test("who gives up leaves nothing: it is asked once while it hangs, whoever wants to know")
    func hangs() async {
        let oracle = Oracle()
        let question = SharedQuestion({ await oracle.answer() }, patience: {})
        for _ in 0..<50 { #expect(await question.ask() == nil) }
        await until { await oracle.count == 1 }
        #expect(await question.waitingCount == 0)
        await oracle.letGo()
        for _ in 0..<1_000 { await Task.yield() }
        #expect(await oracle.count == 1)
    }

    @Test("everybody gets an answer that began after it asked, and those who wait share one")
    func shared() async {
        let oracle = Oracle()
        let question = SharedQuestion({ await oracle.answer() }, patience: SharedQuestionTests.forEver)
        let first = Task { await question.ask() }
        await until { await oracle.count == 1 }
        let others = (0..<3).map { _ in Task { await question.ask() } }
        await until { await question.waitingCount == 3 }
        await oracle.letGo()
        #expect(await first.value == 1)
        for other in others { #expect(await other.value == 2) }
        #expect(await question.ask() == 3)
    }
}
