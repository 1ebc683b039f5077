import Synchronization

/// What a change came to, until the page that follows it has shown it.
final class NoticeBoard: Sendable {
    struct Notice: Equatable, Sendable {
        var tone: Tone
        var text: String
    }

    /// Above it all are forgotten: nobody came back for them.
    static let capacity = 1_000
    private let notices = Mutex<[String: Notice]>([:])

    func put(_ notice: Notice, for visitor: Visitor) {
        notices.withLock { notices in
            if notices.count >= NoticeBoard.capacity { notices = [:] }
            notices[visitor.formToken] = notice
        }
    }

    func take(for visitor: Visitor) -> Notice? { notices.withLock { $0.removeValue(forKey: visitor.formToken) } }
}
