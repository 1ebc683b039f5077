import Synchronization

/// Messages from any thread to the one that runs a loop. A lock, for it is used a few times a second, not per request.
public final class Mailbox<Message: Sendable>: Sendable {
    private let waker: Waker
    private let messages = Mutex<[Message]>([])

    public init(waker: Waker) { self.waker = waker }

    /// Adds a message and wakes the loop, which finds it in its next `woken`.
    public func post(_ message: Message) {
        messages.withLock { $0.append(message) }
        waker.wake()
    }

    /// All that were posted, oldest first, and empties the box. The loop's side, in `woken`.
    public func drain() -> [Message] {
        messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
