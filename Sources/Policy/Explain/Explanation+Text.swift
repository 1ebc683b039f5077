public import Model

extension Explanation {
    /// For a terminal: lines of at most 80 characters.
    ///
    ///     goes to       us-east / use-a / 127.0.0.1:7101
    ///     reason        home_region
    ///     route         default
    ///
    ///     1 residency   us-east us-west
    ///                   - eu-west: outside the tenant's jurisdictions
    ///     2 ownership   us-east us-west
    /// - Parameter unknown: what a real request would say and this one cannot.
    public func text(_ snapshot: Snapshot, unknown: [String] = []) -> String {
        var page = TextPage()
        page.add("goes to", placeText(snapshot))
        page.add("reason", decision.reason.name)
        page.add("route", routeText(snapshot))
        if !marks(snapshot).isEmpty { page.add("also", marks(snapshot).joined(separator: ", ")) }
        for words in unknown { page.add("unknown", words) }
        if !steps.isEmpty { page.skip() }
        for step in steps {
            let left = step.left.map { snapshot.name(of: $0) }
            page.add(title(of: step.stage), left.isEmpty ? "none" : left.joined(separator: " "))
            for lost in step.lost { page.add("", "- \(snapshot.name(of: lost.region)): \(lost.loss.text)") }
        }
        addCells(to: &page, snapshot)
        addEndpoints(to: &page, snapshot)
        return page.text
    }

    private func title(of stage: Stage) -> String { "\(stage.rawValue) \(stage.name)" }

    private func routeText(_ snapshot: Snapshot) -> String {
        if decision.route != .none { return snapshot.name(of: decision.route) }
        return decision.reason == .tenantConflict ? "not looked for: it names two tenants" : "no route matches"
    }

    private func placeText(_ snapshot: Snapshot) -> String {
        if decision.isRefused { return "nowhere: status \(decision.status)" }
        let names = [snapshot.name(of: decision.region), snapshot.name(of: decision.cell)]
        return (names + [snapshot.name(of: decision.endpoint)]).joined(separator: " / ")
    }

    /// What the decision says beside its reason.
    private func marks(_ snapshot: Snapshot) -> [String] {
        var marks: [String] = []
        if decision.isFallback { marks.append("x-region named \(snapshot.name(of: decision.wantedRegion))") }
        if decision.isPanic { marks.append("nothing is open: panic") }
        if decision.isWrite { marks.append("a write of epoch \(decision.epoch)") }
        if decision.home != .none { marks.append("the tenant's home is \(snapshot.name(of: decision.home))") }
        if decision.isMisroute { marks.append("a misroute") }
        if decision.holdsSession { marks.append("the session is held here from now on") }
        if decision.movedFrom != .none { marks.append("it leaves \(snapshot.name(of: decision.movedFrom))") }
        if decision.isMovedByDrain { marks.append("moved by a drain") }
        return marks
    }

    private func addCells(to page: inout TextPage, _ snapshot: Snapshot) {
        for (index, row) in cells.enumerated() {
            let share = "\(row.share / 100).\(row.share % 100 / 10)\(row.share % 10) %"
            let place = "\(snapshot.name(of: row.cell)): \(share)"
            page.add(index == 0 ? title(of: .cell) : "", line(place, row.loss))
        }
    }

    private func addEndpoints(to page: inout TextPage, _ snapshot: Snapshot) {
        for (index, row) in endpoints.enumerated() {
            var place = "\(snapshot.name(of: row.endpoint)): \(row.health), \(row.inFlight) in flight"
            if row.warmthPercent < 100 { place += ", \(row.warmthPercent) % warm" }
            page.add(index == 0 ? title(of: .endpoint) : "", line(place, row.loss))
        }
    }

    private func line(_ place: String, _ loss: Loss?) -> String {
        loss.map { "- \(place), \($0.text)" } ?? "+ \(place)"
    }
}
