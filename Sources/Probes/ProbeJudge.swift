import Model

/// Judges one answer: the status at once, the body once it has ended or enough of it is known.
///
///     waiting ─status as expected→ reading ─end, or 64 KiB→ passed | failed
///        └──────────── any other status → failed
///
/// Pure: bytes are passed in. Body bytes past the bound are neither kept nor waited for.
struct ProbeJudge {
    enum Verdict: Equatable {
        case undecided, passed
        case failed(String)
    }
    /// Body bytes looked at: a health page is short, and a lying endpoint must not cost memory.
    static let bodyBound = 65_536

    private let expectedStatuses: [ClosedRange<Int>]
    private let wanted: [UInt8]
    /// Kept only where something is to be found in it.
    private var body: [UInt8] = []
    private var bodyCount = 0
    private(set) var verdict = Verdict.undecided

    init(_ health: Configuration.Health) {
        expectedStatuses = health.expectedStatuses
        wanted = Array((health.bodyContains ?? "").utf8)
    }

    /// The final response's status, nil when it is not three digits.
    mutating func headReceived(status: Int?) {
        guard verdict == .undecided else { return }
        guard let status else {
            verdict = .failed("no valid status")
            return
        }
        guard !expectedStatuses.contains(where: { $0.contains(status) }) else { return }
        verdict = .failed("status \(status), expected \(ProbeJudge.text(of: expectedStatuses))")
    }

    mutating func bodyReceived(_ bytes: UnsafeRawBufferPointer) {
        guard verdict == .undecided else { return }
        let part = bytes.prefix(ProbeJudge.bodyBound - bodyCount)
        bodyCount += part.count
        if !wanted.isEmpty { body += part }
        if bodyCount == ProbeJudge.bodyBound { judgeBody("the first 64 KiB of the body do") }
    }

    mutating func ended() {
        guard verdict == .undecided else { return }
        judgeBody("the body of \(bodyCount) bytes does")
    }

    private mutating func judgeBody(_ subject: String) {
        let isFound = wanted.isEmpty || ProbeJudge.contains(body, wanted)
        verdict = isFound ? .passed : .failed("\(subject) not contain “\(String(decoding: wanted, as: UTF8.self))”")
    }

    private static func contains(_ body: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard body.count >= wanted.count else { return false }
        return (0...(body.count - wanted.count)).contains { body[$0...].starts(with: wanted) }
    }

    private static func text(of ranges: [ClosedRange<Int>]) -> String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
            .joined(separator: ", ")
    }
}
