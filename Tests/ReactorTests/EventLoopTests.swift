import Model
import Reactor
import Synchronization
import Testing

struct EventLoopTests {
    // MARK: Ticks

    @Test func stopsAfterTheTickItWasToldIn() throws {
        let script = try Script()
        _ = script.loop.timers.schedule(1, at: script.loop.now)
        _ = script.loop.timers.schedule(2, at: script.loop.now)
        script.onTimer = { _ in script.loop.stop() }
        #expect(script.run(ticks: 10) == [.began, .timer(1), .timer(2), .ended])
        #expect(script.loop.timers.count == 0)
    }

    @Test func stopsBeforeItBegins() throws {
        let script = try Script()
        script.loop.stop()
        #expect(script.run(ticks: 1) == [])
        script.hasWork = true
        script.loop.waker.wake()
        #expect(script.run(ticks: 1) == [.began, .woken, .ended])
    }

    /// Nothing is registered, so a loop that slept would never return.
    @Test func doesNotSleepWhileWorkIsLeft() throws {
        let script = try Script()
        script.hasWork = true
        script.loop.waker.wake()
        #expect(script.run(ticks: 3) == [.began, .woken, .ended, .began, .ended, .began, .ended])
    }

    // MARK: Timers

    @Test func firesTimersInOrderAndNeverEarly() throws {
        let script = try Script()
        let start = script.loop.now
        let milliseconds: [UInt64] = [9, 3, 6, 3, 70]
        for token in milliseconds.indices {
            _ = script.loop.timers.schedule(UInt64(token), at: start.advanced(milliseconds: milliseconds[token]))
        }
        var fired: [UInt64] = []
        script.onTimer = { token in
            fired.append(token)
            #expect(script.loop.now.milliseconds(since: start) >= milliseconds[Int(token)])
            if fired.count == milliseconds.count { script.loop.stop() }
        }
        script.run(ticks: 1_000)
        #expect(fired == [1, 3, 2, 0, 4])
    }

    @Test func doesNotFireWhatWasCancelledInTheSameTick() throws {
        let script = try Script()
        let deadline = script.loop.now.advanced(milliseconds: 1)
        let pair = SocketPair()
        try script.loop.register(pair.far.descriptor, token: 9)
        let ids = (0..<3).map { script.loop.timers.schedule($0, at: deadline) }
        script.onReady = { _, _ in script.loop.timers.cancel(ids[0]) }
        script.onTimer = { token in
            if token == 1 { script.loop.timers.cancel(ids[2]) }
            script.loop.stop()
        }
        let calls = script.run(ticks: 100)
        #expect(calls.filter { $0 != .began && $0 != .ended } == [.ready(9, .writable), .timer(1)])
    }

    // MARK: Readiness

    @Test func tellsOfAConnectionOncePerChange() throws {
        let script = try Script()
        let pair = SocketPair()
        try script.loop.register(pair.near.descriptor, token: 5)
        #expect(script.run(ticks: 1) == [.began, .ready(5, .writable), .ended])
        let sent = pair.far.send("one")
        #expect(sent == .bytes(3))
        #expect(script.run(ticks: 1) == [.began, .ready(5, [.readable, .writable]), .ended])
        // Not read, and yet not told again: the edge has passed.
        script.loop.waker.wake()
        #expect(script.run(ticks: 1) == [.began, .woken, .ended])
        let received = pair.near.receive()
        #expect(received.text == "one")
        let again = pair.near.receive()
        #expect(again.result == .wouldBlock)
    }

    @Test func tellsOfAListenerUntilNobodyWaits() throws {
        let folder = TemporaryFolder()
        let listener = try Socket.listen(on: folder.address(), reusePort: false, backlog: 8)
        let script = try Script()
        try script.loop.register(listener.descriptor, token: 1, edgeTriggered: false)
        let first = try Socket.connect(to: folder.address())
        let second = try Socket.connect(to: folder.address())
        for _ in 0..<2 {
            #expect(script.run(ticks: 1) == [.began, .ready(1, .readable), .ended])
            guard case .accepted = listener.accept() else { return #expect(Bool(false), "nobody waits") }
        }
        script.loop.waker.wake()
        #expect(script.run(ticks: 1) == [.began, .woken, .ended])
        _ = (first.descriptor, second.descriptor)
    }

    @Test func tellsOfAHalfCloseAndGoesOnWriting() throws {
        let script = try Script()
        let pair = SocketPair()
        try script.loop.register(pair.near.descriptor, token: 5)
        let sent = pair.far.send("last words")
        pair.far.shutdownWriting()
        #expect(sent == .bytes(10))
        #expect(script.run(ticks: 1) == [.began, .ready(5, [.readable, .writable, .peerClosed]), .ended])
        let (words, end) = (pair.near.receive(), pair.near.receive())
        #expect(words.text == "last words")
        #expect(end.result == .endOfStream)
        let answered = pair.near.send("answer")
        #expect(answered == .bytes(6))
        let answer = pair.far.receive()
        #expect(answer.text == "answer")
    }

    @Test func tellsOfAnEndBothWays() throws {
        let script = try Script()
        let pair = SocketPair()
        try script.loop.register(pair.near.descriptor, token: 5)
        pair.far.close()
        let calls = script.run(ticks: 1)
        #expect(calls == [.began, .ready(5, [.readable, .writable, .peerClosed, .hangup]), .ended])
    }

    @Test func forgetsADescriptor() throws {
        let script = try Script()
        let pair = SocketPair()
        try script.loop.register(pair.near.descriptor, token: 5)
        script.loop.deregister(pair.near.descriptor)
        script.loop.deregister(pair.near.descriptor)
        script.loop.waker.wake()
        #expect(script.run(ticks: 1) == [.began, .woken, .ended])
        try script.loop.register(pair.near.descriptor, token: 6)
        #expect(script.run(ticks: 1) == [.began, .ready(6, .writable), .ended])
    }

    @Test func refusesToRegisterTwice() throws {
        let loop = try EventLoop()
        let pair = SocketPair()
        let descriptor = pair.near.descriptor
        try loop.register(descriptor, token: 1)
        #expect(throws: SystemError(call: "epoll_ctl", code: 17)) { try loop.register(descriptor, token: 2) }
        _ = pair.far.descriptor
    }

    // MARK: Waking

    @Test func countsWakesBeforeATickAsOne() throws {
        let script = try Script()
        for _ in 0..<3 { script.loop.waker.wake() }
        script.hasWork = true
        #expect(script.run(ticks: 2) == [.began, .woken, .ended, .began, .ended])
        script.loop.waker.wake()
        #expect(script.run(ticks: 1) == [.began, .woken, .ended])
    }

    @Test("every message of other threads arrives, in its sender's order, and none waits for the next")
    func wakesFromOtherThreads() throws {
        let script = try Script()
        let mailbox = Mailbox<(sender: Int, number: Int)>(waker: script.loop.waker)
        var received: [[Int]] = [[], [], []]
        script.onWoken = {
            for message in mailbox.drain() { received[message.sender].append(message.number) }
            if received.allSatisfy({ $0.count == 2_000 }) { script.loop.stop() }
        }
        let threads = (0..<3).map { sender in
            startThread(name: "sender") { for number in 0..<2_000 { mailbox.post((sender, number)) } }
        }
        script.run(ticks: .max)
        for thread in threads { thread.join() }
        #expect(received == Array(repeating: Array(0..<2_000), count: 3))
        #expect(mailbox.drain().isEmpty)
    }
}
