import ControlPlane

/// How far behind a region's copies of datasets are: the worst one, its tier in words and by shape.
struct ReplicationLine {
    let region: Status.Region

    var html: HTML {
        guard let worst = region.worstReplication else { return "<p class=\"facts\">replication lag not measured</p>" }
        let others = region.replication.count - 1
        let rest = others == 0 ? "" : others == 1 ? " · 1 other is no worse" : " · \(others) others are no worse"
        return "<p class=\"facts\">\(ReplicationLine.tone(worst).badge(worst.tier)) \(words(worst))\(rest)</p>"
    }

    private func words(_ worst: Status.Replication) -> String {
        if let cause = worst.cause { return "lag of \(worst.dataset) unknown: \(cause)" }
        let loss = worst.lagAsOfLoss ? " when its owner fell silent" : ""
        return "lag \(worst.lagWords) (\(worst.dataset))\(loss)"
    }

    static func tone(_ copy: Status.Replication) -> Tone {
        switch copy.tier {
        case "fresh": .good
        case "near": .quiet
        case "stale": .warn
        default: .bad
        }
    }
}
