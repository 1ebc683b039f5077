import Model

/// The last ten tenths of a window: how many requests an endpoint or a cell served, how many failed, how soon the
/// answers began.
struct RequestWindow: Sendable {
    struct Bucket: BitwiseCopyable, Sendable {
        var successes: UInt64 = 0
        var failures: UInt64 = 0
        var firstByteCount: UInt64 = 0
        var firstByteNanoseconds: UInt64 = 0
        var requests: UInt64 { successes + failures }
        /// Nil without an answer.
        var mean: UInt64? { firstByteCount > 0 ? firstByteNanoseconds / firstByteCount : nil }

        static func += (bucket: inout Bucket, observation: EndpointObservation) {
            bucket.successes += UInt64(observation.successes)
            bucket.failures += UInt64(observation.failures)
            bucket.firstByteCount += UInt64(observation.firstByteCount)
            bucket.firstByteNanoseconds += observation.firstByteNanosecondsSum
        }

        static func -= (bucket: inout Bucket, other: Bucket) {
            bucket.successes -= other.successes
            bucket.failures -= other.failures
            bucket.firstByteCount -= other.firstByteCount
            bucket.firstByteNanoseconds -= other.firstByteNanoseconds
        }
    }

    /// A window slides by a tenth of its length.
    static let count = 10

    /// Of the whole window.
    private(set) var total = Bucket()
    private var buckets = InlineArray<10, Bucket>(repeating: Bucket())
    /// The newest bucket's number, counted from the clock's start.
    private var newest: UInt64 = 0
    init() {}

    /// Forgets what is older than the window that ends with bucket `number`.
    mutating func turn(to number: UInt64) {
        guard number > newest else { return }
        let steps = min(number - newest, UInt64(RequestWindow.count))
        for step in 0..<steps {
            let place = Int((number - step) % UInt64(RequestWindow.count))
            total -= buckets[place]
            buckets[place] = Bucket()
        }
        newest = number
    }

    mutating func add(_ observation: EndpointObservation) {
        buckets[Int(newest % UInt64(RequestWindow.count))] += observation
        total += observation
    }

    /// Whether the latest bucket's answers took `nanoseconds` or longer.
    func isSlowNow(_ nanoseconds: UInt64) -> Bool {
        buckets[Int(newest % UInt64(RequestWindow.count))].mean.map { $0 >= nanoseconds } ?? false
    }

    /// Slow all along, not for one pause: on the whole, and in most of the buckets that have answers, two at least.
    func isSlow(_ nanoseconds: UInt64) -> Bool {
        guard let mean = total.mean, mean >= nanoseconds else { return false }
        var (slow, filled) = (0, 0)
        for place in 0..<RequestWindow.count {
            guard let mean = buckets[place].mean else { continue }
            filled += 1
            if mean >= nanoseconds { slow += 1 }
        }
        return slow >= 2 && 2 * slow > filled
    }
}
