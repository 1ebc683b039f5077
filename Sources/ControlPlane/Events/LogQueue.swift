import Foundation
import Glibc

/// Lines on their way to a descriptor that may not take them: a pipe whose reader stands still, a disk that is full.
/// Whoever has something to say never waits for it.
///
///     append ─▶ at most `capacity` bytes ─(a thread of its own)─▶ descriptor
///
/// A line that finds no room, or that the descriptor refuses, is lost and counted, and the next line that goes through
/// is one that tells how many were. Whole lines, in the order in which they came. Any thread.
public final class LogQueue: @unchecked Sendable {
    /// Some thousand lines: seconds of an edge that has much to tell.
    static let capacity = 1 << 20

    /// The process log.
    public static let standardError = LogQueue(descriptor: STDERR_FILENO)

    private let descriptor: Int32
    private let capacity: Int
    private let clock: ControlClock
    /// Guards all that follows, but for what is the thread's own.
    private let condition = NSCondition()
    private var waiting: [UInt8] = []
    /// Lines that found no room behind those that wait.
    private var gap: UInt64 = 0
    private var lost: UInt64 = 0
    private var isWriting = false
    private var hasThread = false
    // The thread's own.
    private var untold: UInt64 = 0
    private var endsMidLine = false

    /// - Parameter capacity: bytes that may wait.
    init(descriptor: Int32, capacity: Int = LogQueue.capacity, clock: ControlClock = .system) {
        (self.descriptor, self.capacity, self.clock) = (descriptor, capacity, clock)
    }

    /// Lines lost since the start.
    public var lostCount: UInt64 { condition.withLock { lost } }

    /// One whole line with its newline.
    public func append(_ line: [UInt8]) {
        condition.withLock {
            // Nothing follows a gap until somebody is there to tell of it.
            if gap > 0 || waiting.count + line.count > capacity {
                gap += 1
                lost += 1
                return
            }
            waiting += line
            if !hasThread { Thread.detachNewThread { self.run() } }
            hasThread = true
            condition.signal()
        }
    }

    /// Returns when everything is written or lost, at the latest after that time: the end of a process does not wait
    /// for a reader that stands still.
    public func flush(withinMilliseconds patience: UInt64 = 1_000) {
        // By the clock that nobody sets, which a condition does not wait by.
        let deadline = ControlClock.system.now().advanced(milliseconds: patience)
        while condition.withLock({ !waiting.isEmpty || isWriting }), ControlClock.system.now() < deadline {
            usleep(1_000)
        }
    }

    // MARK: The thread

    private func run() {
        Thread.current.name = "log"
        while true {
            let (lines, gap) = take()
            tell()
            write(lines)
            untold += gap
            tell()
        }
    }

    /// What waits, once something does, and how many lines are missing behind it.
    private func take() -> (lines: [UInt8], gap: UInt64) {
        condition.withLock {
            isWriting = false
            while waiting.isEmpty { condition.wait() }
            isWriting = true
            defer { (waiting, gap) = ([], 0) }
            return (waiting, gap)
        }
    }

    private func tell() {
        if untold == 0 { return }
        let line = JSONLogHandler.line(
            .warning, "lines of this log were lost: whatever takes them was too slow, or out of room",
            ["lines": .stringConvertible(untold)], time: clock.wallNanoseconds())
        if send(line) == line.count { untold = 0 }
    }

    private func write(_ lines: [UInt8]) {
        let missing = UInt64(lines[send(lines)...].count { $0 == 0x0A })
        untold += missing
        condition.withLock { lost += missing }
    }

    /// How many bytes went through; fewer than all after an error.
    private func send(_ bytes: [UInt8]) -> Int {
        // After a failure in the middle of a line the next one must not be glued to its half.
        if endsMidLine, push([0x0A]) == 0 { return 0 }
        let sent = push(bytes)
        endsMidLine = sent > 0 && bytes[sent - 1] != 0x0A
        return sent
    }

    private func push(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count, let base = buffer.baseAddress {
                let count = Glibc.write(descriptor, base + sent, buffer.count - sent)
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN {
                    // Somebody else who has it made it so.
                    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&entry, 1, -1)
                    continue
                }
                if count <= 0 { break }
                sent += count
            }
            return sent
        }
    }
}
