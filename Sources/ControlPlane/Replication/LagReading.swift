/// How far one region's copy of a dataset is behind its owner, and how that is known.
struct LagReading: Equatable, Sendable {
    /// Nil: it is not known, which counts as broken.
    var milliseconds: UInt64?
    /// By `milliseconds`, at this moment.
    var tier: LagTier
    /// The owner is silent: so far was the copy behind when it was last heard of.
    var isAsOfLoss = false
    /// The copy's, as it last said.
    var position: Position?
    /// Why the lag is not known.
    var cause: String?

    var isUnknown: Bool { milliseconds == nil }

    static func unknown(_ cause: String, _ position: Position? = nil) -> LagReading {
        LagReading(milliseconds: nil, tier: .broken, position: position, cause: cause)
    }

    /// `1.2 s behind`, `unknown: …`.
    var words: String {
        guard let milliseconds else { return "unknown: \(cause ?? "nobody measures it")" }
        let length = LagReading.words(milliseconds: milliseconds)
        return isAsOfLoss ? "\(length) behind when the owner fell silent" : "\(length) behind"
    }

    /// `0 ms`, `340 ms`, `1.2 s`, `12 s`, `3 m 5 s`, `2 h 14 m`.
    static func words(milliseconds: UInt64) -> String {
        let seconds = milliseconds / 1_000
        switch milliseconds {
        case ..<1_000: return "\(milliseconds) ms"
        case ..<10_000: return "\(seconds).\(milliseconds % 1_000 / 100) s"
        case ..<60_000: return "\(seconds) s"
        case ..<3_600_000: return "\(seconds / 60) m \(seconds % 60) s"
        default: return "\(seconds / 3_600) h \(seconds / 60 % 60) m"
        }
    }
}

/// A copy's tier is another one now.
struct LagChange: Equatable, Sendable {
    var dataset: String
    var region: String
    /// Nil: it was not measured before.
    var from: LagTier?
    var to: LagTier
    var reading: LagReading

    /// `orders is stale, was fresh: 12 s behind us-east`.
    var cause: String { "\(dataset) is \(to), \(from.map { "was \($0)" } ?? "at first sight"): \(reading.words)" }
}
