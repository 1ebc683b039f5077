/// How one delivery went, as the network saw it; what follows from it is `WebhookQueue`'s.
public enum WebhookOutcome: Equatable, Sendable {
    /// - Parameter retryAfterSeconds: of a `retry-after` in seconds; nil: none.
    case answered(status: Int, retryAfterSeconds: UInt64?)
    /// No answer: why, in words.
    case failed(String)

    /// For an operator.
    var words: String {
        switch self {
        case .answered(let status, _): "it answered \(status)"
        case .failed(let why): why
        }
    }
}
