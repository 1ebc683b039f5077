/// A question that may take for ever, asked once at a time however many want its answer: who asks while one is under
/// way gets the answer of the next, which begins after it asked. Nobody waits longer than its patience, and of those
/// who gave up nothing is left.
actor SharedQuestion<Answer: Sendable> {
    private typealias Caller = CheckedContinuation<Answer?, Never>

    private let question: @Sendable () async -> Answer
    private let patience: @Sendable () async -> Void
    private var lastID: UInt64 = 0
    private var isUnderWay = false
    /// Whom the one under way answers, and whom the next.
    private var asking: [UInt64: Caller] = [:]
    private var waiting: [UInt64: Caller] = [:]

    /// - Parameter patience: returns when a caller gives up, or when its task is cancelled.
    init(
        _ question: @escaping @Sendable () async -> Answer,
        patience: @escaping @Sendable () async -> Void = { try? await Task.sleep(for: .seconds(1)) }
    ) {
        (self.question, self.patience) = (question, patience)
    }

    /// Nil: there was no answer in time.
    func ask() async -> Answer? {
        lastID += 1
        let id = lastID
        let limit = Task {
            await patience()
            giveUp(id)
        }
        defer { limit.cancel() }
        return await withCheckedContinuation { caller in
            waiting[id] = caller
            if !isUnderWay { begin() }
        }
    }

    /// For tests: how many wait for the next.
    var waitingCount: Int { waiting.count }

    private func begin() {
        (asking, waiting, isUnderWay) = (waiting, [:], true)
        Task { end(await question()) }
    }

    private func end(_ answer: Answer) {
        for caller in asking.values { caller.resume(returning: answer) }
        (asking, isUnderWay) = ([:], false)
        if !waiting.isEmpty { begin() }
    }

    private func giveUp(_ id: UInt64) {
        (asking.removeValue(forKey: id) ?? waiting.removeValue(forKey: id))?.resume(returning: nil)
    }
}
