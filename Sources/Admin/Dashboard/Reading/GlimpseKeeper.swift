import ControlPlane
import Store

/// Gathers what all open pages show, once for all of them, and one gathering after another: two at once would add to
/// the rates and events in any order, and the slower one would show what was before the other.
actor GlimpseKeeper {
    /// Events that pages and histories draw from.
    static let eventCapacity = 2_000
    /// Pages that ask within this time see the same.
    static let freshMilliseconds: UInt64 = 80

    private let service: any AdminService
    private let clock: ControlClock
    private var latest: (glimpse: Glimpse, at: UInt64)?
    private var gathering: Task<Glimpse, Never>?
    /// For those to whom the present gathering may be too old; it begins when that has ended.
    private var next: Task<Glimpse, Never>?
    private var rates = RateHistory()
    private var events: [Status.Event] = []

    init(service: any AdminService, clock: ControlClock) { (self.service, self.clock) = (service, clock) }

    /// As of now, or of a moment ago.
    func look() async -> Glimpse {
        let now = clock.now().nanoseconds / 1_000_000
        if let latest, now < latest.at + GlimpseKeeper.freshMilliseconds { return latest.glimpse }
        return await (gathering ?? begin()).value
    }

    /// As of after this call: what was just changed is in it.
    func lookAgain() async -> Glimpse {
        guard let gathering else { return await begin().value }
        let task =
            next
            ?? Task {
                _ = await gathering.value
                return await gather()
            }
        next = task
        return await task.value
    }

    private func begin() -> Task<Glimpse, Never> {
        let task = Task { await gather() }
        gathering = task
        return task
    }

    private func gather() async -> Glimpse {
        let status = await service.status()
        let (regions, cells) = (await service.regions().regions, await service.cells().cells)
        let drains = await service.drains().drains
        let now = clock.now()
        rates.add(
            RateHistory.Sample(
                time: now, requests: status.totals["requests"] ?? 0, failures: status.totals["responses_5xx"] ?? 0))
        let trouble = await readEvents(upTo: status.events.last?.number ?? 0)
        var glimpse = Glimpse(
            status: status, regions: regions, cells: cells, drains: drains,
            events: trouble == nil ? events : status.events)
        glimpse.eventTrouble = trouble
        glimpse.rates = rates.reading
        if glimpse.rates.requestsPerSecond == nil {
            let known = cells.compactMap(\.requestsPerSecond)
            if known.count == cells.count, !known.isEmpty { glimpse.rates.requestsPerSecond = known.reduce(0, +) }
        }
        latest = (glimpse, now.nanoseconds / 1_000_000)
        (gathering, next) = (next, nil)
        return glimpse
    }

    /// Adds those that are new; the first time, as many as are kept here.
    private func readEvents(upTo newest: UInt64) async -> String? {
        let capacity = UInt64(GlimpseKeeper.eventCapacity)
        var after = events.last?.number ?? 0
        if newest > after + capacity { (after, events) = (newest - capacity, []) }
        while after < newest {
            do {
                let found = try await service.events(after: after, subject: nil, limit: 1_000)
                guard let last = found.last, last.number > after else { break }
                events += found
                after = last.number
            } catch { return "\(error)" }
        }
        if events.count > GlimpseKeeper.eventCapacity {
            events.removeFirst(events.count - GlimpseKeeper.eventCapacity)
        }
        return nil
    }
}
