import Model

/// Decisions of the last minute, as evenly drawn as memory allows: what a what-if decides again. Bounded: of each
/// second at most `perSecond`, every request of it as likely to be among them.
struct DecisionSample: Sendable {
    static let seconds = 60
    /// Of a minute just under 10,000, some 3 MB.
    static let perSecond = 166

    private struct Window: Sendable {
        var second: UInt64 = 0
        var seen: UInt64 = 0
        var requests: [ReplayedRequest] = []
    }

    private var windows = Array(repeating: Window(), count: DecisionSample.seconds)
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// Where a request is to be put; nil: it is only counted, as most of them are.
    struct Place: Equatable, Sendable {
        fileprivate let window: Int
        fileprivate let index: Int
    }

    /// Counts one that was decided.
    /// - Parameter nanoseconds: since 1970 when it came; a request may end, and be told of, later than others.
    mutating func admit(at nanoseconds: UInt64) -> Place? {
        let second = nanoseconds / 1_000_000_000
        let index = Int(second % UInt64(DecisionSample.seconds))
        if windows[index].second > second { return nil }
        if windows[index].second < second {
            (windows[index].second, windows[index].seen) = (second, 0)
            windows[index].requests.removeAll(keepingCapacity: true)
        }
        windows[index].seen += 1
        let count = windows[index].requests.count
        if count < DecisionSample.perSecond { return Place(window: index, index: count) }
        let place = Int(random.next(below: UInt32(clamping: windows[index].seen)))
        return place < count ? Place(window: index, index: place) : nil
    }

    /// At once after its `admit`.
    mutating func put(_ request: ReplayedRequest, at place: Place) {
        if place.index == windows[place.window].requests.count {
            windows[place.window].requests.append(request)
        } else {
            windows[place.window].requests[place.index] = request
        }
    }

    /// Of the minute before that second (since 1970): the same part of each second's, and how many there were.
    func drawn(at second: UInt64) -> (requests: [ReplayedRequest], seen: UInt64) {
        let first = second > UInt64(DecisionSample.seconds) ? second - UInt64(DecisionSample.seconds) : 0
        let live = windows.filter { $0.seen > 0 && $0.second > first && $0.second <= second }
        let part = live.map { Double($0.requests.count) / Double($0.seen) }.min() ?? 1
        return (
            live.flatMap { window in window.requests.prefix(Int((Double(window.seen) * part).rounded())) },
            live.reduce(0) { $0 + $1.seen }
        )
    }
}
