import ControlPlane

/// A drain's way as a bar that is drawn over itself on a terminal, else as a line whenever something has changed.
struct DrainProgress {
    static let width = 30
    let isTerminal: Bool
    private var lastWords = ""

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    mutating func show(_ drain: Status.Drain) {
        let words = OperatorText.words(drain)
        if isTerminal {
            Terminal.overwrite(DrainProgress.line(drain, words))
        } else if words != lastWords {
            Terminal.out("\(drain.target): \(words)")
        }
        lastWords = words
    }

    func end(_ drain: Status.Drain) {
        if isTerminal { Terminal.overwrite("") }
        Terminal.out("\(drain.target): \(OperatorText.words(drain))")
    }

    /// Half of the bar for new work, half for the sessions.
    static func line(_ drain: Status.Drain, _ words: String) -> String {
        let done = (100 - drain.admissionPercent + drain.sessionsMovedPercent) * width / 200
        let bar = String(repeating: "#", count: done) + String(repeating: ".", count: width - done)
        return String("[\(bar)] \(words)".prefix(TextTable.width - 1))
    }
}
