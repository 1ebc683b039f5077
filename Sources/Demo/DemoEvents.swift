import Reactor
import Synchronization

/// Lines of the edge's log as they come, for the tour to find events in. Any thread.
public final class DemoEvents: Sendable {
    /// Lines kept; the tour reads as they come.
    private static let capacity = 4_096

    private struct State {
        var lines: [(number: Int, instant: UInt64, text: String)] = []
        var count = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// Takes one line.
    public func add(_ line: String) {
        let instant = EventLoop.readClock().nanoseconds
        state.withLock { state in
            state.lines.append((state.count, instant, line))
            state.count += 1
            if state.lines.count > DemoEvents.capacity { state.lines.removeFirst(DemoEvents.capacity / 2) }
        }
    }

    /// How many lines there were so far: the place to search from later.
    var count: Int { state.withLock { $0.count } }

    /// The first line from the `start`th on that has all of `words` in it, and when it came (CLOCK_MONOTONIC, ns).
    func first(from start: Int, with words: [String]) -> (text: String, instant: UInt64)? {
        state.withLock { state in
            let found = state.lines.first { line in line.number >= start && words.allSatisfy { line.text.contains($0) }
            }
            return found.map { ($0.text, $0.instant) }
        }
    }
}
