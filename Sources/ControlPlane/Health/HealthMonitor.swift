public import Model
import Policy

/// Runs one `HealthDetector` per endpoint. Pure: time and outcomes come in, probes to start and changes come out; who
/// sleeps, connects and publishes is `Controller`.
public struct HealthMonitor: Sendable {
    /// What is to be watched.
    public struct Watch: Equatable, Sendable {
        public let endpoint: EndpointID
        public let target: UpstreamTarget
        public let health: Configuration.Health
        public init(endpoint: EndpointID, target: UpstreamTarget, health: Configuration.Health) {
            (self.endpoint, self.target, self.health) = (endpoint, target, health)
        }
    }

    /// What the caller is to do.
    public enum Action: Equatable, Sendable {
        case startProbe(ProbeRequest)
        /// The endpoint's state is another one now.
        case changed(EndpointID, from: HealthState, to: HealthState, cause: String)
    }

    private struct Entry {
        var watch: Watch
        var detector: HealthDetector
        var health = EndpointHealth()
    }

    private struct Flight {
        let endpoint: EndpointID
        /// The detector's own number for it.
        let number: UInt32
    }

    private var entries: [EndpointID: Entry] = [:]
    private var flights: [UInt32: Flight] = [:]
    private var lastID: UInt32 = 0
    private var random: SplitMix64

    /// - Parameter seed: of the probes' jitter.
    public init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// Replaces what is watched. An endpoint whose address and settings stay keeps its detector and what it knows.
    public mutating func watch(_ watches: [Watch], now: LoopTime) {
        var kept: [EndpointID: Entry] = [:]
        for watch in watches {
            if let entry = entries[watch.endpoint], entry.watch == watch {
                kept[watch.endpoint] = entry
            } else {
                kept[watch.endpoint] = makeEntry(watch, now: now)
            }
        }
        flights = flights.filter { entries[$0.value.endpoint]?.watch == kept[$0.value.endpoint]?.watch }
        entries = kept
    }

    /// New settings of a known endpoint do not make it unknown: its last state stands until the first new probe.
    private mutating func makeEntry(_ watch: Watch, now: LoopTime) -> Entry {
        let settings = HealthDetector.Settings(
            intervalMilliseconds: watch.health.intervalMilliseconds,
            timeoutMilliseconds: watch.health.timeoutMilliseconds, fall: watch.health.fall, rise: watch.health.rise)
        return Entry(watch: watch, detector: HealthDetector(settings: settings, random: random.next(), now: now))
    }

    /// When `advance` wants to be called next; nil when nothing is watched.
    public var nextWake: LoopTime? { entries.values.map(\.detector.nextWake).min() }

    /// Every watched endpoint's first probe has ended.
    public var hasProbedAll: Bool { entries.values.allSatisfy { $0.health.state != .unknown } }

    public func health(of endpoint: EndpointID) -> EndpointHealth { entries[endpoint]?.health ?? EndpointHealth() }
}
