/// What an operator asks for, as the API or the command line understood it. Names are the configuration's.
public struct OperatorCommand: Equatable, Sendable {
    public enum Change: Equatable, Sendable {
        /// Whole percents of the region's traffic, 0–100.
        case setWeight(cell: String, percent: Int)
        /// Back to the file's.
        case resetWeight(cell: String)
        /// The share of the requests choosing the region that it keeps, 0–100 %.
        case setDial(region: String, percent: Int)
        case resetDial(region: String)
        /// A cell or a region; a name that both have is written `cell/NAME` or `region/NAME`. Nil: as configured.
        case drain(target: String, mode: Drain.Mode, overMilliseconds: UInt64?)
        case undrain(target: String)
        case undrainID(UInt32)
    }

    public var change: Change
    /// In the operator's words.
    public var reason: String
    /// Who asks.
    public var who: String
    /// After it the change is taken back; nil: a drain's as configured, of weights and dials never.
    public var expiresInMilliseconds: UInt64?
    /// The safety checks are passed over; what is wrong or impossible is refused all the same.
    public var isForced: Bool

    public init(
        _ change: Change, reason: String, who: String, expiresInMilliseconds: UInt64? = nil, isForced: Bool = false
    ) {
        (self.change, self.reason, self.who) = (change, reason, who)
        (self.expiresInMilliseconds, self.isForced) = (expiresInMilliseconds, isForced)
    }
}
