import ControlPlane

/// Events for people: what happened on a line, why on the next.
enum EventText {
    static func lines(_ events: [Status.Event], on screen: Screen = .plain) -> [String] {
        events.isEmpty ? ["no events"] : events.flatMap { lines($0, on: screen) }
    }

    static func lines(_ event: Status.Event, on screen: Screen = .plain) -> [String] {
        let moment = "\(second(event.time))  \(event.event)"
        let whole = Words.plain("\(moment)  \(event.subject)")
        let head =
            whole.count <= screen.columns
            ? [whole] : [screen.line(moment)] + screen.paragraph(event.subject, indent: 4, hanging: 4)
        return head.map { screen.paint($0, ink(event.event)) } + screen.paragraph(event.cause, indent: 4, hanging: 4)
    }

    /// All on one line, the day left out.
    static func short(_ event: Status.Event, columns: Int) -> String {
        let time = event.time.count >= 19 ? String(event.time.dropFirst(11).prefix(8)) : event.time
        return Screen.cut(Words.plain("\(time)  \(event.event)  \(event.subject): \(event.cause)"), to: columns)
    }

    private static func second(_ time: String) -> String { time.count < 19 ? time : "\(time.prefix(19))Z" }

    /// Red: something got worse by itself. Green: it got better.
    static func ink(_ kind: String) -> Screen.Ink? {
        switch kind {
        case "CELL_DOWN", "REGION_UNFIT", "ENDPOINT_EJECTED", "RESIDENCY_DENIED", "CONFIG_REJECTED": .bad
        case "CELL_UP", "REGION_FIT", "ENDPOINT_RETURNED", "PANIC_ENDED", "CONFIG_APPLIED": .good
        case "REGION_FALLBACK", "WEIGHT_CHANGED", "MISROUTE", "LAG_TIER_CHANGED": .warning
        default: kind.hasPrefix("PANIC_") ? .bad : kind.hasPrefix("DRAIN_") ? .warning : nil
        }
    }
}
