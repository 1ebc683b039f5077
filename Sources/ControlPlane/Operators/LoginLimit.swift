public import Model

/// How often a wrong credential may come: from one address, and from all together. Pure: the time is passed in.
///
/// What it bounds is noise and cost: a token has 256 random bits, which nobody guesses. So a right token passes beside
/// wrong ones: a script with a stale token must not lock out the operator behind the same address. Addresses of IPv6
/// count by their /64, which is what one customer has.
public struct LoginLimit: Equatable, Sendable {
    /// Failures of one address that are answered as such, in a window; further ones are told to wait.
    public static let failures = 10
    /// The same, of all addresses: each costs a hash, and a line somewhere.
    public static let failuresOfAll = 600
    public static let windowMilliseconds: UInt64 = 60_000
    /// Addresses remembered; the one whose window is oldest makes room.
    public static let addresses = 1_024

    public enum Verdict: Equatable, Sendable {
        /// 401.
        case failed
        /// 429. Whole seconds until the window is over, at least 1.
        case wait(seconds: UInt64)
    }

    private struct Window: Equatable, Sendable {
        var began: LoopTime
        var count = 0

        func isOver(_ now: LoopTime) -> Bool { now.milliseconds(since: began) >= LoginLimit.windowMilliseconds }

        /// Counts one more, in a new window where this one is over.
        mutating func count(_ now: LoopTime, most: Int) -> Verdict {
            if count == 0 || isOver(now) { self = Window(began: now) }
            guard count >= most else {
                count += 1
                return .failed
            }
            let left = LoginLimit.windowMilliseconds - now.milliseconds(since: began)
            return .wait(seconds: max(1, (left + 999) / 1_000))
        }
    }

    private var windows: [String: Window] = [:]
    private var all = Window(began: .zero)

    public init() {}

    /// Addresses remembered now.
    var count: Int { windows.count }

    /// A credential from there was wrong.
    /// - Parameter address: as text, with or without a port.
    public mutating func failed(from address: String, now: LoopTime) -> Verdict {
        let key = LoginLimit.key(of: address)
        var window = windows[key] ?? Window(began: now)
        var verdict = window.count(now, most: LoginLimit.failures)
        if verdict == .failed {
            verdict = all.count(now, most: LoginLimit.failuresOfAll)
            // In a flood from everywhere nobody new is remembered: room is not made anew for each.
            if verdict != .failed, windows[key] == nil { return verdict }
        }
        if windows[key] == nil { makeRoom(now) }
        windows[key] = window
        return verdict
    }

    private mutating func makeRoom(_ now: LoopTime) {
        guard windows.count >= LoginLimit.addresses else { return }
        windows = windows.filter { !$0.value.isOver(now) }
        guard windows.count >= LoginLimit.addresses else { return }
        if let oldest = windows.min(by: { ($0.value.began, $0.key) < ($1.value.began, $1.key) }) {
            windows[oldest.key] = nil
        }
    }

    /// What counts as one address: itself, or its /64.
    public static func key(of text: String) -> String {
        var address = IPAddress(text)
        if address == nil, case .ip(let host, _) = Address(text) { address = host }
        guard let address else { return String(text.prefix(64)) }
        return address.isIPv6 ? "\(address.high)/64" : "\(address)"
    }
}
