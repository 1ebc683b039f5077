import Model

/// One key of a section of rules (`outliers`, `latency`, `spill`, `drains`, `retries`), its range and where it goes.
struct RuleSetting: Sendable {
    typealias Path<T> = any WritableKeyPath<Configuration, T> & Sendable

    enum Target: Sendable {
        case flag(Path<Bool>)
        case count(Path<Int>, ClosedRange<Int>)
        case percent(Path<Int>, ClosedRange<Int>)
        case duration(Path<UInt64>, ClosedRange<UInt64>)
        /// Whole percents, each above the one before it, the last of them 100.
        case steps(Path<[Int]>)
    }
    let section: String
    let key: String
    let target: Target

    private static func section(_ name: String, _ settings: [(String, Target)]) -> [RuleSetting] {
        settings.map { RuleSetting(section: name, key: $0.0, target: $0.1) }
    }

    /// Section by section, in the order of `Configuration+Rules.swift`. docs/configuration.md has a row for each.
    static let all = outliers + latency + spill + drains + retries

    private static let outliers = section(
        "outliers",
        [
            ("enabled", .flag(\.outliers.isEnabled)),
            ("consecutive_failures", .count(\.outliers.consecutiveFailures, 1...1_000)),
            ("success_percent", .percent(\.outliers.successPercent, 0...100)),
            ("window", .duration(\.outliers.windowMilliseconds, second...10 * minute)),
            ("min_requests", .count(\.outliers.minRequests, 1...1_000_000)),
            ("ejection", .duration(\.outliers.ejectionMilliseconds, second...hour)),
            ("max_ejection", .duration(\.outliers.maxEjectionMilliseconds, second...day)),
            ("max_ejected_percent", .percent(\.outliers.maxEjectedPercent, 0...100)),
            ("slow_factor", .count(\.outliers.slowFactor, 0...1_000)),
            ("slow_start", .duration(\.outliers.slowStartMilliseconds, 0...hour)),
            ("slow_start_percent", .percent(\.outliers.slowStartPercent, 1...100)),
        ])

    private static let latency = section(
        "latency",
        [
            ("band_floor", .duration(\.latency.bandFloorMilliseconds, 0...10 * second)),
            ("band_percent", .percent(\.latency.bandPercent, 0...1_000)),
            ("window", .duration(\.latency.windowMilliseconds, second...10 * minute)),
            ("windows", .count(\.latency.windows, 1...100)),
            ("dwell", .duration(\.latency.dwellMilliseconds, 0...day)),
            ("region_smoothing", .duration(\.latency.regionSmoothingMilliseconds, second...hour)),
            ("endpoint_smoothing", .duration(\.latency.endpointSmoothingMilliseconds, second...hour)),
        ])

    private static let spill = section(
        "spill",
        [
            ("healthy_percent", .percent(\.spill.healthyPercent, 1...100)),
            ("overprovisioning_percent", .percent(\.spill.overprovisioningPercent, 100...1_000)),
            ("unfit_percent", .percent(\.spill.unfitPercent, 0...100)),
        ])

    private static let drains = section(
        "drains",
        [
            ("over", .duration(\.drains.overMilliseconds, 0...day)),
            ("sessions", .duration(\.drains.sessionsMilliseconds, 0...day)),
            ("deadline", .duration(\.drains.deadlineMilliseconds, second...7 * day)),
            ("expiry", .duration(\.drains.expiryMilliseconds, minute...30 * day)),
            ("undrain_steps", .steps(\.drains.undrainSteps)),
            ("undrain_hold", .duration(\.drains.undrainHoldMilliseconds, 0...hour)),
        ])

    private static let retries = section(
        "retries",
        [
            ("budget_percent", .percent(\.retries.budgetPercent, 0...100)),
            ("min_per_second", .count(\.retries.minPerSecond, 0...1_000_000)),
            ("rescue_spread", .duration(\.retries.rescueSpreadMilliseconds, 0...10 * second)),
        ])

    func read(_ section: Section, into rules: inout Configuration) {
        switch target {
        case .flag(let path): section.read(key, .flag, into: &rules[keyPath: path])
        case .count(let path, let range): section.read(key, .count(range), into: &rules[keyPath: path])
        case .percent(let path, let range): section.read(key, .percent(range), into: &rules[keyPath: path])
        case .duration(let path, let range): section.read(key, .duration(range), into: &rules[keyPath: path])
        case .steps(let path): section.readSteps(key, into: &rules[keyPath: path])
        }
    }

    /// The value in force, as the file would say it.
    func text(in rules: Configuration) -> String {
        switch target {
        case .flag(let path): rules[keyPath: path] ? "true" : "false"
        case .count(let path, _), .percent(let path, _): "\(rules[keyPath: path])"
        case .duration(let path, _): Units.duration(rules[keyPath: path])
        case .steps(let path): "[\(rules[keyPath: path].map(String.init).joined(separator: ", "))]"
        }
    }

    /// `1–1000`, `0–100 %`, `1s–10m`.
    var range: String {
        switch target {
        case .flag: "boolean"
        case .count(_, let range): "\(range.lowerBound)–\(range.upperBound)"
        case .percent(_, let range): "\(range.lowerBound)–\(range.upperBound) %"
        case .duration(_, let range): "\(Units.duration(range.lowerBound))–\(Units.duration(range.upperBound))"
        case .steps: "rising whole percents up to 100"
        }
    }
}

extension Section {
    fileprivate func readSteps(_ key: String, into target: inout [Int]) {
        var steps: [Int] = []
        readList(key, .percent(1...100), into: &steps)
        guard let value = self[key], !steps.isEmpty else { return }
        if steps != steps.sorted() || steps.last != 100 {
            value.report("are \(steps.map(String.init).joined(separator: ", "))", right: "rising percents up to 100")
        }
        target = steps
    }
}
