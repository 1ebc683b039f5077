import Glibc
public import Model

extension SplitMix64 {
    /// `PORTOLAN_SEED` where it is set, so that a printed failure can be run again; else fresh.
    public static func fromEnvironmentOrFresh() -> SplitMix64 {
        let text = getenv("PORTOLAN_SEED").map { String(cString: $0) }
        return SplitMix64(seed: text.flatMap { UInt64($0) } ?? UInt64.random(in: 0 ... .max))
    }
}
