public import Model

/// A weight or a dial that an operator set over the file's.
public struct OperatorSetting: Equatable, Sendable {
    public let percent: Int
    public let reason: String
    public let who: String
    public let setAt: LoopTime
    /// `LoopTime.distantFuture`: never.
    public let expiresAt: LoopTime
}
