import Model

/// Events in words for operators.
extension IntentEvent {
    init(weightOf cell: String, from: Int, to: Int, why: String) {
        self.init(kind: .weightChanged, subject: cell, cause: "weight \(from) % to \(to) %, \(why)")
    }

    init(dialOf region: String, from: Int, to: Int, why: String) {
        self.init(kind: .weightChanged, subject: region, cause: "dial \(from) % to \(to) %, \(why)")
    }

    init(started drain: Drain, why: String) {
        let how = drain.mode == .now ? "at once" : "over \(Words.duration(drain.overMilliseconds))"
        let expiry = Words.duration(drain.expiryNanoseconds / 1_000_000)
        self.init(
            kind: .drainStarted, subject: drain.name, cause: "drain \(drain.id) \(how), expires in \(expiry), \(why)")
    }

    /// - Parameter why: who asked for it; nil: time did it, to what somebody began.
    init(_ happening: Drain.Happening, to drain: Drain, why: String? = nil) {
        let (kind, text) = happening.words
        self.init(
            kind: kind, subject: drain.name, cause: "drain \(drain.id): \(text), \(why ?? "begun \(drain.why)")")
    }

    /// A restart of the edge came between.
    init(resumed drain: Drain) {
        self.init(
            kind: .drainResumed, subject: drain.name,
            cause: "\(drain.words), goes on after a restart, begun \(drain.why)")
    }

    init(vanished drain: Drain) {
        self.init(
            kind: .drainEnded, subject: drain.name,
            cause: "drain \(drain.id): it is not configured any more, begun \(drain.why)")
    }
}

extension OperatorCommand {
    /// The end of an event's cause.
    var why: String { Words.why(who, reason) }

    /// - Parameter expires: it sets something that its expiry takes back.
    func why(expires: Bool) -> String {
        guard expires, let expiry = expiresInMilliseconds else { return why }
        return "for \(Words.duration(expiry)), \(why)"
    }
}

extension OperatorSetting {
    var expired: String { "it expired, set \(Words.why(who, reason))" }
}

extension Drain.Happening {
    fileprivate var words: (EventKind, String) {
        switch self {
        case .emptied: (.drainEmptied, "no new work, and every session leaves; requests in flight finish")
        case .deadlinePassed: (.drainDeadline, "streams that are still open are reset")
        case .expired: (.drainExpired, "it expired and undrains by itself")
        case .undraining(let percent): (.drainUndraining, "back at \(percent) % of its share")
        case .held(let reading):
            (
                .drainHeld,
                "stopped: \(Words.percent(reading.errorShare)) of \(Words.whole(reading.requestsPerSecond)) requests/s"
                    + " fail; undrain again to go on, or drain"
            )
        case .ended: (.drainEnded, "its full share is back")
        }
    }
}

extension Drain {
    fileprivate var why: String { Words.why(who, reason) }

    /// Which one, and how far.
    var words: String { "drain \(id), \(state.rawValue), at \(admissionPercent) %" }
}

/// Parts of sentences.
enum Words {
    static func why(_ who: String, _ reason: String) -> String { reason.isEmpty ? "by \(who)" : "by \(who): \(reason)" }

    /// `90 s`, `2 h`: whole units, the largest that fits.
    static func duration(_ milliseconds: UInt64) -> String {
        for (unit, name) in [(UInt64(3_600_000), "h"), (60_000, "m"), (1_000, "s")] where milliseconds >= unit {
            if milliseconds % unit == 0 { return "\(milliseconds / unit) \(name)" }
        }
        return "\(milliseconds) ms"
    }

    /// Rounded up, so that a load above a bound never reads like the bound.
    static func whole(_ number: Double) -> String { "\(Int(number.rounded(.up)))" }

    /// `12.3 %` of a share 0–1.
    static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1_000).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
