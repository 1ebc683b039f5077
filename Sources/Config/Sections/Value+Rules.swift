import Model

extension Section {
    /// `outliers:`, `latency:`, `spill:`, `drains:`, `retries:` — the numbers of routing.md.
    func readRules(into configuration: inout Configuration) {
        readRules("outliers", into: &configuration) { section, rules in
            let (first, longest) = (rules.outliers.ejectionMilliseconds, rules.outliers.maxEjectionMilliseconds)
            if first > longest {
                section.report("ejection", or: "max_ejection", first, exceeds: longest)
            }
            if rules.outliers.slowFactor == 1 {
                section["slow_factor"]?.report(
                    "is 1, which nearly every endpoint exceeds at times", right: "at least 2, or 0 for never")
            }
        }
        readRules("latency", into: &configuration)
        readRules("spill", into: &configuration)
        readRules("drains", into: &configuration) { section, rules in
            let drains = rules.drains
            let moved = drains.overMilliseconds + drains.sessionsMilliseconds
            if moved > drains.deadlineMilliseconds {
                section.value.report(
                    "reset streams after \(Units.duration(drains.deadlineMilliseconds)), while over and sessions make "
                        + Units.duration(moved),
                    right: "a deadline of at least \(Units.duration(moved))")
            }
            if drains.deadlineMilliseconds > drains.expiryMilliseconds {
                section.report(
                    "deadline", or: "expiry", drains.deadlineMilliseconds, exceeds: drains.expiryMilliseconds)
            }
        }
        readRules("retries", into: &configuration)
    }

    private func readRules(
        _ name: String, into configuration: inout Configuration, check: (Section, Configuration) -> Void = { _, _ in }
    ) {
        var rules = configuration
        self[name]?.section { section in
            for setting in RuleSetting.all where setting.section == name { setting.read(section, into: &rules) }
            check(section, rules)
        }
        configuration = rules
    }

    /// `low` should not be longer than `high`; said of the one that the file has.
    private func report(_ low: String, or high: String, _ time: UInt64, exceeds most: UInt64) {
        (self[low] ?? self[high])?.report(
            "makes \(low) \(Units.duration(time)) exceed \(high) \(Units.duration(most))",
            right: "\(low) of at most \(high)")
    }
}
