import ControlPlane
import Store

/// Gathers what all open pages show, once for all of them.
actor GlimpseKeeper {
    /// Events that pages and histories draw from.
    static let eventCapacity = 2_000
    /// Pages that ask within this time see the same.
    static let freshMilliseconds: UInt64 = 80

    private let service: any AdminService
    private let clock: ControlClock
    private var latest: (glimpse: Glimpse, at: UInt64)?
    private var gathering: Task<Glimpse, Never>?
    private var rates = RateHistory()
    private var events: [Status.Event] = []

    init(service: any AdminService, clock: ControlClock) { (self.service, self.clock) = (service, clock) }

    /// As of now, or of a moment ago.
    func look() async -> Glimpse {
        let now = clock.now().nanoseconds / 1_000_000
        if let latest, now < latest.at + GlimpseKeeper.freshMilliseconds { return latest.glimpse }
        if let gathering { return await gathering.value }
        let task = Task { await gather() }
        gathering = task
        let glimpse = await task.value
        gathering = nil
        return glimpse
    }

    /// As of after this call: what was just changed is in it.
    func lookAgain() async -> Glimpse { await gather() }

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
                // Another gathering may have added them meanwhile.
                events += found.filter { $0.number > events.last?.number ?? 0 }
                after = last.number
            } catch { return "\(error)" }
        }
        if events.count > GlimpseKeeper.eventCapacity {
            events.removeFirst(events.count - GlimpseKeeper.eventCapacity)
        }
        return nil
    }
}
