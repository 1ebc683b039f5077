import ControlPlane

/// A drain's way as a bar that is drawn over itself on a terminal, else as a line whenever something has changed.
///
/// Pure but for what it prints: the time comes in.
struct DrainProgress {
    static let width = 20
    let isTerminal: Bool
    private let screen: Screen
    private var lastWords = ""
    /// When sessions began to move, as seen from here, and how many percent had moved then.
    private var leaving: (milliseconds: UInt64, percent: Int)?

    init(isTerminal: Bool, screen: Screen = .plain) { (self.isTerminal, self.screen) = (isTerminal, screen) }

    /// - Parameter milliseconds: of a clock that only grows.
    mutating func show(_ drain: Status.Drain, at milliseconds: UInt64) {
        if isTerminal {
            Terminal.overwrite(line(drain, at: milliseconds))
        } else {
            let words = OperatorText.words(drain)
            if words != lastWords { Terminal.out("\(drain.target): \(words)") }
            lastWords = words
        }
    }

    func end(_ drain: Status.Drain) {
        if isTerminal { Terminal.overwrite("") }
        Terminal.out(screen.line("\(drain.target): \(OperatorText.words(drain))"))
    }

    /// The bar, and what is being waited for.
    mutating func line(_ drain: Status.Drain, at milliseconds: UInt64) -> String {
        var words = OperatorText.phase(drain)
        if let left = secondsLeft(drain, at: milliseconds) { words += ", \(left) s left" }
        if let count = drain.requestsInFlight { words += ", \(Words.count(count)) in flight" }
        if !drain.isApplied { words += ", not yet on all workers" }
        // On a phone, words say more than a bar.
        let bar = DrainProgress.bar(drain, width: screen.columns < 60 ? 4 : DrainProgress.width)
        return Screen.cut("\(bar) \(words)", to: screen.columns - 1)
    }

    /// Half of it for new work, half for the sessions.
    static func bar(_ drain: Status.Drain, width: Int) -> String {
        let done = min(max((100 - drain.admissionPercent + drain.sessionsMovedPercent) * width / 200, 0), width)
        return "[\(String(repeating: "#", count: done))\(String(repeating: ".", count: width - done))]"
    }

    /// Of the present phase: as asked for while new work goes, as seen so far while sessions go.
    private mutating func secondsLeft(_ drain: Status.Drain, at milliseconds: UInt64) -> UInt64? {
        switch drain.state {
        case "ramping":
            return (drain.overMilliseconds * UInt64(clamping: drain.admissionPercent) / 100 + 999) / 1_000
        case "moving":
            guard let leaving else {
                leaving = (milliseconds, drain.sessionsMovedPercent)
                return nil
            }
            let moved = drain.sessionsMovedPercent - leaving.percent
            guard moved > 0, milliseconds > leaving.milliseconds else { return nil }
            let left = UInt64(clamping: 100 - drain.sessionsMovedPercent)
            return ((milliseconds - leaving.milliseconds) * left / UInt64(moved) + 999) / 1_000
        default: return nil
        }
    }
}
