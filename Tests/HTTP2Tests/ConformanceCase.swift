import Support
import Testing

/// What a peer does and what has to come of it, in the words of a rule.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable, Equatable {
        /// The connection ends with GOAWAY and one of these codes.
        case connectionError(String)
        /// The stream ends with RST_STREAM and that code; the connection goes on.
        case streamError(UInt32, String)
        /// That stream's request is answered; the connection goes on.
        case answered(UInt32)
        /// The frame is taken without a word; the connection goes on.
        case nothing
        /// That line is said; the connection goes on.
        case says(String)
        /// The session ends in good order, after that stream's answer if one is named.
        case ends(after: UInt32?)
    }

    let rule: String
    let frames: [Frame]
    let outcome: Outcome
    /// The server takes what comes and never opens its windows again.
    var isStalled = false
    var testDescription: String { rule }

    init(_ rule: String, _ frames: [Frame], _ outcome: Outcome, isStalled: Bool = false) {
        (self.rule, self.frames, self.outcome, self.isStalled) = (rule, frames, outcome, isStalled)
    }
}
