import Glibc
public import Model

extension SplitMix64 {
    /// For property tests, which print `seed` when they fail: `PORTOLAN_SEED=<seed>` replays that run.
    public static func fromEnvironmentOrFresh() -> SplitMix64 {
        if let text = getenv("PORTOLAN_SEED"), let seed = UInt64(String(cString: text)) {
            return SplitMix64(seed: seed)
        }
        var system = SystemRandomNumberGenerator()
        return SplitMix64(seed: system.next())
    }
}
