/// What can go wrong in a simulated world (docs/testing.md lists what each stands for).
public enum FaultKind: UInt8, CaseIterable, Sendable {
    /// Refuses connections.
    case crash
    /// Takes connections and never answers.
    case hang
    /// Works twenty times as long.
    case slow
    /// Passes probes and fails three requests in ten.
    case lossy
    /// Refuses and recovers every few seconds.
    case flapping
    /// Passes probes and fails every request.
    case lyingUp
    /// Fails probes and serves every request.
    case lyingDown
    /// Nothing that is sent to the region arrives.
    case cutOut
    /// Everything that is sent to the region arrives and nothing comes back.
    case cutBack
    /// The way to the region is longer, and its length swings.
    case detour
    /// The edge's process stands still (SIGSTOP, a stolen core): its monotonic clock jumps ahead.
    case stall

    public var name: String { FaultKind.names[Int(rawValue)] }

    public init?(name: String) {
        guard let index = FaultKind.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: UInt8(index))
    }

    private static let names = [
        "crash", "hang", "slow", "lossy", "flapping", "lying-up", "lying-down", "cut-out", "cut-back", "detour",
        "stall",
    ]

    var bit: UInt16 { 1 << UInt16(rawValue) }
    /// It strikes the way to a region, not what stands there.
    var isOfRegion: Bool { self == .cutOut || self == .cutBack || self == .detour }

    /// No probe passes while one of these lasts.
    static let failsProbes = crash.bit | hang.bit | lyingDown.bit | cutOut.bit | cutBack.bit
    /// Nothing comes back.
    static let silent = hang.bit | cutOut.bit | cutBack.bit
}
