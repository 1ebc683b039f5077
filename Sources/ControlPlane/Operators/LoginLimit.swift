public import Model

/// How often one address may come with a wrong credential. Pure: the time is passed in.
///
/// What it bounds is noise and cost: a token has 256 random bits, which nobody guesses. So a right token passes from an
/// address with too many wrong ones too: a scraper with a stale token must not lock out the operator beside it.
public struct LoginLimit: Equatable, Sendable {
    /// Failures that are answered as such, in a window; further ones are told to wait.
    public static let failures = 10
    public static let windowMilliseconds: UInt64 = 60_000
    /// Addresses remembered; the one whose window is oldest makes room.
    public static let addresses = 1_024

    public enum Verdict: Equatable, Sendable {
        case failed
        /// Whole seconds until the window is over, at least 1.
        case wait(seconds: UInt64)
    }

    private struct Window: Equatable, Sendable {
        var began: LoopTime
        var count: Int
    }

    private var windows: [String: Window] = [:]

    public init() {}

    /// A credential from there was wrong.
    public mutating func failed(from address: String, now: LoopTime) -> Verdict {
        guard var window = windows[address], !LoginLimit.isOver(window, now) else {
            makeRoom(now)
            windows[address] = Window(began: now, count: 1)
            return .failed
        }
        window.count = min(window.count + 1, LoginLimit.failures + 1)
        windows[address] = window
        guard window.count > LoginLimit.failures else { return .failed }
        let left = LoginLimit.windowMilliseconds - now.milliseconds(since: window.began)
        return .wait(seconds: max(1, (left + 999) / 1_000))
    }

    private static func isOver(_ window: Window, _ now: LoopTime) -> Bool {
        now.milliseconds(since: window.began) >= windowMilliseconds
    }

    private mutating func makeRoom(_ now: LoopTime) {
        guard windows.count >= LoginLimit.addresses else { return }
        windows = windows.filter { !LoginLimit.isOver($0.value, now) }
        guard windows.count >= LoginLimit.addresses else { return }
        if let oldest = windows.min(by: { ($0.value.began, $0.key) < ($1.value.began, $1.key) }) {
            windows[oldest.key] = nil
        }
    }
}
