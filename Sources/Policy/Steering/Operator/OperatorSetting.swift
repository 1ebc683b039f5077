public import Model

/// Whose setting: a cell's weight, or a region's dial.
public struct SettingName: Hashable, Sendable {
    public let region: String
    /// Empty: the region's dial.
    public let cell: String
    public init(region: String, cell: String = "") { (self.region, self.cell) = (region, cell) }
}

/// A weight or a dial that an operator set over the file's.
public struct OperatorSetting: Equatable, Sendable {
    public let percent: Int
    public let reason: String
    public let who: String
    public let began: Beginning
    /// `LoopTime.distantFuture`: never.
    public let expiresAt: LoopTime

    public init(percent: Int, reason: String, who: String, began: Beginning, expiresAt: LoopTime) {
        (self.percent, self.reason, self.who) = (percent, reason, who)
        (self.began, self.expiresAt) = (began, expiresAt)
    }
}
