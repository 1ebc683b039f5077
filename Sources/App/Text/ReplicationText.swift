import ControlPlane

/// How far copies are behind their owners, for people.
enum ReplicationText {
    /// Below the owners of datasets; nothing where no positions are read.
    static func lines(_ copies: [Status.Replication], on screen: Screen = .plain) -> [String] {
        if copies.isEmpty { return [] }
        var table = TextTable([
            .name("DATASET"), .name("REGION"), .number("LAG"), .name("TIER"), .number("POSITION"), .text("NOTE"),
        ])
        for copy in copies {
            table.add(
                [copy.dataset, copy.region, copy.lagWords, copy.tier, copy.position ?? "-", note(on: copy)],
                inks: [3: ink(copy)])
        }
        return [""] + table.lines(on: screen)
    }

    /// `1.2 s, fresh`, and why not, in a row of a region's page.
    static func words(_ copy: Status.Replication) -> String {
        let note = note(on: copy)
        return "\(copy.lagWords), \(copy.tier)" + (note.isEmpty ? "" : ": \(note)")
    }

    private static func note(on copy: Status.Replication) -> String {
        copy.cause ?? (copy.lagAsOfLoss ? "when the owner fell silent" : "")
    }

    static func ink(_ copy: Status.Replication) -> Screen.Ink {
        switch copy.tier {
        case "fresh": .good
        case "near", "stale": .warning
        default: .bad
        }
    }
}
