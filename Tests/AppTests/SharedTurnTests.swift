import Synchronization
import Testing

@testable import App

struct SharedTurnTests {
    /// Runs that end when told to.
    private final class Work: Sendable {
        let turn = SharedTurn<Int>()
        private let state = Mutex((begun: 0, underWay: 0, most: 0, asked: 0))
        private let (gates, gate) = AsyncStream<Void>.makeStream()

        var begun: Int { state.withLock(\.begun) }
        var most: Int { state.withLock(\.most) }
        var asked: Int { state.withLock(\.asked) }
        func endOne() { gate.yield() }

        func ask(alone: Bool = false) -> Task<Int, Never> {
            Task {
                state.withLock { $0.asked += 1 }
                return await turn.run(alone: alone) { [self] in
                    let number = state.withLock { state in
                        state.begun += 1
                        state.underWay += 1
                        state.most = max(state.most, state.underWay)
                        return state.begun
                    }
                    _ = await gates.first { _ in true }
                    state.withLock { $0.underWay -= 1 }
                    return number
                }
            }
        }

        func until(_ condition: () -> Bool) async { while !condition() { await Task.yield() } }
    }

    @Test("one at a time; who asks meanwhile shares the next, and none is lost")
    func oneAfterAnother() async {
        let work = Work()
        let first = work.ask()
        await work.until { work.begun == 1 }
        let others = (0..<20).map { _ in work.ask() }
        await work.until { work.asked == 21 }
        for _ in 0..<100 { await Task.yield() }
        #expect(work.begun == 1)
        work.endOne()
        #expect(await first.value == 1)
        await work.until { work.begun == 2 }
        let last = work.ask()
        await work.until { work.asked == 22 }
        work.endOne()
        work.endOne()
        for other in others { #expect(await other.value >= 2) }
        #expect(await last.value == 3)
        #expect(work.begun == 3 && work.most == 1)
    }

    @Test("whoever asks alone has a run of its own, in its turn")
    func alone() async {
        let work = Work()
        let first = work.ask()
        await work.until { work.begun == 1 }
        var asked: [Task<Int, Never>] = []
        for alone in [false, true, true, false] {
            asked.append(work.ask(alone: alone))
            await work.until { work.asked == asked.count + 1 }
            for _ in 0..<100 { await Task.yield() }
        }
        for _ in 0..<4 { work.endOne() }
        #expect(await first.value == 1)
        let numbers = [await asked[0].value, await asked[1].value, await asked[2].value, await asked[3].value]
        #expect(numbers == [2, 3, 4, 2] && work.begun == 4 && work.most == 1)
    }

    @Test("a run goes on when whoever asked for it gives up")
    func survivesItsAsker() async {
        let work = Work()
        let asker = work.ask()
        await work.until { work.begun == 1 }
        asker.cancel()
        let next = work.ask()
        await work.until { work.asked == 2 }
        work.endOne()
        work.endOne()
        #expect(await next.value == 2)
    }
}
