import Model
import Reactor

/// A loop's delegate that notes what it is told, does what the test says, and stops after so many ticks.
final class Script: EventLoopDelegate {
    enum Call: Equatable {
        case began, woken, ended
        case ready(UInt64, ReadyEvents)
        case timer(UInt64)
    }

    let loop: EventLoop
    private(set) var calls: [Call] = []
    var onWoken: () -> Void = {}
    var onReady: (UInt64, ReadyEvents) -> Void = { _, _ in }
    var onTimer: (UInt64) -> Void = { _ in }
    var hasWork = false
    private var ticksLeft = 0

    init() throws { loop = try EventLoop() }

    /// Runs `ticks` ticks (or until a closure stops the loop), and returns what was told in them.
    @discardableResult
    func run(ticks: Int) -> [Call] {
        (calls, ticksLeft) = ([], ticks)
        loop.run(self)
        return calls
    }

    func tickBegan(now: LoopTime) { calls.append(.began) }

    func woken(now: LoopTime) {
        calls.append(.woken)
        onWoken()
    }

    func ready(_ token: UInt64, _ events: ReadyEvents, now: LoopTime) {
        calls.append(.ready(token, events))
        onReady(token, events)
    }

    func timerFired(_ token: UInt64, now: LoopTime) {
        calls.append(.timer(token))
        onTimer(token)
    }

    func tickEnded(now: LoopTime) -> Bool {
        calls.append(.ended)
        ticksLeft -= 1
        if ticksLeft == 0 { loop.stop() }
        return hasWork
    }
}
