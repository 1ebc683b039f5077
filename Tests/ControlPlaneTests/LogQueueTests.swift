import Foundation
import Testing

@testable import ControlPlane

struct LogQueueTests {
    /// A pipe that is read when the test says so.
    private final class Pipe {
        private(set) var reading: Int32 = -1
        private(set) var writing: Int32 = -1

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
        }

        deinit {
            closeReader()
            close(writing)
        }

        func closeReader() {
            if reading >= 0 { close(reading) }
            reading = -1
        }

        /// Reads until that many lines have come that satisfy the condition.
        func lines(until isEnough: ([Substring]) -> Bool) -> [Substring] {
            var text = ""
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let lines = text.split(separator: "\n")
                if text.hasSuffix("\n"), isEnough(lines) { return lines }
                let count = read(reading, &buffer, buffer.count)
                if count <= 0 { return lines }
                text += String(decoding: buffer[..<count], as: UTF8.self)
            }
        }
    }

    private static func line(_ number: Int) -> [UInt8] { Array("{\"message\":\"line \(number)\"}\n".utf8) }

    /// Numbers of the lines, and what the others say was lost before them, as negative numbers.
    private static func numbers(_ lines: [Substring]) -> [Int] {
        lines.compactMap { line in
            if let lost = line.firstMatch(of: /"lines":(\d+)/) { return Int(lost.1).map { -$0 } }
            return line.firstMatch(of: /line (\d+)"/).flatMap { Int($0.1) }
        }
    }

    @Test("lines come whole and in order, and have come when the flush ends")
    func inOrder() throws {
        let pipe = try Pipe()
        let queue = LogQueue(descriptor: pipe.writing)
        for number in 0..<1_000 { queue.append(LogQueueTests.line(number)) }
        queue.flush(withinMilliseconds: 60_000)
        var waiting: Int32 = 0
        _ = ioctl(pipe.reading, UInt(FIONREAD), &waiting)
        #expect(Int(waiting) == (0..<1_000).reduce(0) { $0 + LogQueueTests.line($1).count })
        let lines = pipe.lines { $0.count == 1_000 }
        #expect(LogQueueTests.numbers(lines) == Array(0..<1_000) && queue.lostCount == 0)
    }

    /// A blocking write would hang here for good, and with it whoever has something to say.
    @Test("nobody waits for a reader that stands still; what is lost is told where it is missing")
    func stalled() throws {
        let pipe = try Pipe()
        let queue = LogQueue(descriptor: pipe.writing, capacity: 10_000, clock: .fixed())
        let total = 20_000
        for number in 0..<total { queue.append(LogQueueTests.line(number)) }
        let lost = queue.lostCount
        #expect(lost > 0)
        let begun = ContinuousClock.now
        queue.flush(withinMilliseconds: 20)
        #expect(ContinuousClock.now - begun < .seconds(30), "the end waits for a reader that stands still")
        // Every line is there, or is told of.
        var numbers = LogQueueTests.numbers(
            pipe.lines { LogQueueTests.numbers($0).reduce(0) { $0 + ($1 < 0 ? -$1 : 1) } == total })
        queue.append(LogQueueTests.line(total))
        numbers += LogQueueTests.numbers(pipe.lines { LogQueueTests.numbers($0).contains(total) })
        var next = 0
        for number in numbers {
            if number < 0 { next -= number } else { #expect(number == next) }
            if number >= 0 { next = number + 1 }
        }
        #expect(next == total + 1)
        #expect(numbers.filter { $0 < 0 }.reduce(0, -) == Int(queue.lostCount))
    }

    @Test("lines that a descriptor refuses are counted, and told once it takes some again")
    func refused() throws {
        let pipe = try Pipe()
        // A full disk, as the kernel plays one.
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let queue = LogQueue(descriptor: descriptor)
        for number in 0..<3 { queue.append(LogQueueTests.line(number)) }
        queue.flush(withinMilliseconds: 60_000)
        #expect(queue.lostCount == 3)
        // Room again.
        #expect(dup2(pipe.writing, descriptor) == descriptor)
        queue.append(LogQueueTests.line(3))
        let lines = pipe.lines { $0.count == 2 }
        #expect(LogQueueTests.numbers(lines) == [-3, 3] && queue.lostCount == 3)
    }

    @Test("nothing was said: there is nothing to wait for")
    func silent() {
        let begun = ContinuousClock.now
        LogQueue(descriptor: -1).flush(withinMilliseconds: 60_000)
        #expect(ContinuousClock.now - begun < .seconds(30))
    }
}
