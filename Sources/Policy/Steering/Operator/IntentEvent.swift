public import Model

/// A change that an operator's word, or time, made to what operators want.
public struct IntentEvent: Equatable, Sendable {
    /// `DRAIN_…` or `WEIGHT_CHANGED`.
    public let kind: EventKind
    /// Name of the cell or region.
    public let subject: String
    public let cause: String
}
