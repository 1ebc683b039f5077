import Admin

@testable import ControlPlane

/// One of everything that the API shows, with nothing left out that may be there.
enum Samples {
    static let time = "2026-01-02T03:04:05.006Z"
    static let setting = Status.Setting(percent: 5, reason: "slow", who: "ada", setAt: time, expiresAt: time)

    static var status: Status.Edge {
        var status = SmallReading.status
        status.events = events.suffix(1)
        return status
    }

    static var regions: RegionList {
        var list = SmallReading.regions
        (list.regions[0].dialSet, list.regions[0].drain) = (setting, "ramping, 40 % left")
        return list
    }

    static var cells: CellList {
        var list = SmallReading.cells
        list.cells[0].weightSet = setting
        list.cells[0].drain = "ramping, 40 % left"
        (list.cells[0].sessions, list.cells[0].requestsInFlight) = (12, 3)
        (list.cells[0].requestsPerSecond, list.cells[0].errorPercent) = (1.5, 0.25)
        list.cells[0].endpoints[0].lastFailure = "connection refused"
        list.cells[0].endpoints[0].cause = "outlier"
        list.cells[0].endpoints[0].ejectedForSeconds = 30
        list.cells[0].endpoints[0].warmthPercent = 50
        return list
    }

    static let flow = Status.Flow(from: "us-east/use-a", to: "us-east/use-b", requests: 3)
    static let whatIf = Status.WhatIf(sampled: 9, requests: 90, different: 3, refused: 1, moves: [flow])

    static var change: Status.Change {
        let move = Status.Move(region: "us-east", cell: "use-a", beforePercent: 50, afterPercent: 37.5)
        var change = Status.Change(generation: FakeService.generation, dryRun: true, moves: [move])
        change.whatIf = whatIf
        change.sessions = [Status.SessionMove(from: "us-east/use-a", to: ["us-east/use-b"], sessions: 2)]
        change.safety = ["use-a is the last fit cell of us-east"]
        return change
    }

    static func drain(_ state: String) -> Status.Drain {
        var drain = Status.Drain(
            id: 3, target: "use-a", kind: "cell", mode: "ramp", state: state, reason: "deploy", who: "ada",
            startedAt: time, expiresAt: time, overMilliseconds: 30_000, admissionPercent: state == "drained" ? 0 : 40,
            sessionsMovedPercent: state == "drained" ? 100 : 0, resetsStreams: false,
            generation: FakeService.generation, isApplied: true)
        drain.requestsInFlight = 0
        return drain
    }

    static var datasets: [Status.Dataset] {
        var orders = Status.Dataset(name: "orders", mode: "single", owner: "us-east", epoch: 2, source: "learnt")
        orders.replication = SmallReading.regions.regions.map { $0.replication[0] }
        return [orders, Status.Dataset(name: "carts", mode: "multi", owner: nil, epoch: 1, source: "file")]
    }

    static let candidate = Status.Candidate(name: "use-b", lost: "drained", why: "it is draining")

    static let explanation = Status.Explanation(
        generation: 7, route: "default", region: "us-east", cell: "use-a", endpoint: "127.0.0.1:7101",
        reason: "local_region", status: 503,
        stages: [Status.Stage(stage: 1, name: "residency", left: ["us-east"], lost: [candidate])], cells: [candidate],
        endpoints: [candidate], text: "goes to us-east")

    static let tenants = ["acme", "blum", "czar"].map { name in
        Status.Tenant(
            tenant: name, home: "us-east", residency: ["us"], source: "operator", reason: "moved", who: "ada",
            setAt: time)
    }

    static let token = Status.Token(
        id: "0a1b2c3d", name: "ci", role: .operator, createdAt: time, createdBy: "ada", expiresAt: time,
        revokedAt: time, state: "revoked")

    static let configured = Status.Configured(
        generation: FakeService.generation, file: "edge.yaml", dryRun: true, changes: ["use-a: weight 50 → 40"],
        warnings: ["a warning"], whatIf: whatIf,
        certificates: [
            Status.Certificate(
                listener: "public", subject: "CN=x", names: ["x"], notAfter: time, secondsLeft: 86_400)
        ])

    static let events = (1...5).map { number in
        Status.Event(
            number: UInt64(number), time: time, generation: 7, event: "WEIGHT_CHANGED",
            subject: number == 2 ? "use-b" : "use-a", cause: "by ada: slow")
    }

    static let audit = (1...5).map { number in
        Status.Audit(
            number: UInt64(number), time: time, timeNanoseconds: "1", who: "ada", role: "operator", from: "unix",
            action: "weight.set", subject: "use-a", reason: "slow", outcome: "done", detail: "{}", generation: 7,
            previous: "00", hash: "ff")
    }
}
