import Foundation

/// What one thread of a test hands to another.
final class Inbox<Element: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var elements: [Element] = []

    func put(_ element: Element) {
        condition.withLock {
            elements.append(element)
            condition.signal()
        }
    }

    /// The oldest; waits for it.
    func take(within seconds: Double = 5) throws -> Element {
        let deadline = Date(timeIntervalSinceNow: seconds)
        return try condition.withLock {
            while elements.isEmpty {
                guard condition.wait(until: deadline) else { throw HarnessError("nothing was handed over") }
            }
            return elements.removeFirst()
        }
    }

    var count: Int { condition.withLock { elements.count } }
}
