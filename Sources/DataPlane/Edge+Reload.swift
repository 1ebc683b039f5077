public import Model
import Reactor
import TLS

/// Another configuration under a running edge: listeners and workers come and go, and nobody is cut off (decision
/// 0017).
///
///     prepare: certificates, sockets bound, copies, loops      fails: nothing has happened
///     then:    listen → start new workers → tell the others → those that are too many leave
extension Edge {
    /// Bytes of one worker's ring: some ten thousand records.
    private static let ringCapacity = 4 << 20

    /// Certificates, keys and authorities of listeners, as they were read.
    public struct KeyMaterial: Sendable {
        /// By listener; nil: plain text.
        let contexts: [ServerContext?]
    }

    /// Reads what the configuration's listeners show to clients and judge them by. Blocks as long as disks do.
    public func readKeys(for configuration: Configuration) throws(EdgeError) -> KeyMaterial {
        KeyMaterial(contexts: try contexts(configuration))
    }

    /// Takes listeners, certificates, limits and the number of workers, whole or not at all.
    ///
    /// Connections of a listener whose address stays, and speaks as before, go on. Those of one that was removed or
    /// moved, whose TLS was turned on or off, and those of a worker that is one too many, are told to go away and have
    /// `edge.grace` for what is in flight.
    /// - Parameters:
    ///   - keys: of that configuration; nil: they are read now, which blocks as long as disks do.
    ///   - workerCount: threads from now on, 1–1,024.
    /// - Throws: what cannot be, where, and what to do about it.
    public func reload(
        _ configuration: Configuration, _ keys: KeyMaterial? = nil, workerCount: Int
    ) throws(EdgeError) {
        precondition((1...1_024).contains(workerCount), "1–1,024 workers")
        let contexts = if let keys { keys.contexts } else { try contexts(configuration) }
        let ended = try state.withLock { state throws(EdgeError) in
            if state.isStopping { throw EdgeError(listener: nil, "the edge is stopping: nothing was changed") }
            let ended = bury(&state)
            try change(&state, configuration, contexts, workerCount: workerCount)
            return ended
        }
        // They have left their loops: this waits for no client.
        for thread in ended { thread.join() }
    }

    /// What workers that have ended counted is kept with their number, which is free again.
    private func bury(_ state: inout State) -> [Thread] {
        var threads: [Thread] = []
        for index in state.workers.indices.reversed() {
            guard let counters = state.workers[index].share.finalCounters else { continue }
            var worker = state.workers.remove(at: index)
            while state.ended.count <= worker.id { state.ended.append(WorkerCounters()) }
            state.ended[worker.id].add(counters)
            if let thread = worker.takeThread() { threads.append(thread) }
        }
        return threads
    }

    private func change(
        _ state: inout State, _ configuration: Configuration, _ contexts: [ServerContext?], workerCount: Int
    ) throws(EdgeError) {
        let ids = Edge.ids(state.workers, count: workerCount)
        var places = state.places
        let orders = try places.change(to: configuration.listeners, contexts, workers: ids)
        let settings = Edge.settings(configuration, places.terms, workerCount: workerCount)
        var fresh: [WorkerHandle] = []
        for id in ids where !state.workers.contains(where: { $0.id == id }) {
            fresh.append(try worker(id, orders[id] ?? WorkerOrders(), settings, state))
        }
        try places.startListening()
        // From here on nothing fails.
        if state.isStarted { for index in fresh.indices { start(&fresh[index]) } }
        for index in state.workers.indices {
            let (id, share) = (state.workers[index].id, state.workers[index].share)
            share.post(.reload(settings, orders[id] ?? WorkerOrders()))
            guard !ids.contains(id), !state.workers[index].isLeaving else { continue }
            state.workers[index].isLeaving = true
            share.post(.leave(graceMilliseconds: configuration.edge.graceMilliseconds))
        }
        state.workers += fresh
        state.places = places
    }

    /// The numbers of the workers from now on: those that are there with the lowest numbers, then the lowest that
    /// nobody has.
    static func ids(_ workers: [WorkerHandle], count: Int) -> [Int] {
        let staying = workers.filter { !$0.isLeaving }.map(\.id).sorted().prefix(count)
        let taken = Set(workers.map(\.id))
        var (ids, next) = (Array(staying), 0)
        while ids.count < count {
            if !taken.contains(next) { ids.append(next) }
            next += 1
        }
        return ids
    }

    private func worker(
        _ id: Int, _ orders: WorkerOrders, _ settings: WorkerSettings, _ state: State
    ) throws(EdgeError) -> WorkerHandle {
        guard let snapshot = state.snapshots.last else { preconditionFailure("an edge always has a snapshot") }
        do {
            return try WorkerHandle(
                id: id, orders: orders, settings: settings, snapshot: snapshot, sessions: sessions,
                sessionKeys: state.sessionKeys, ringCapacity: Edge.ringCapacity, seed: Edge.seed())
        } catch {
            throw EdgeError(listener: nil, "no loop for worker \(id): \(error): \(EdgeError.remedy(for: error.code))")
        }
    }

    // MARK: Parts

    private func contexts(_ configuration: Configuration) throws(EdgeError) -> [ServerContext?] {
        var contexts: [ServerContext?] = []
        for listener in configuration.listeners {
            guard let certificates = listener.certificates else {
                contexts.append(nil)
                continue
            }
            do {
                let clients = listener.clientAuthoritiesPath.map {
                    ClientVerification(authoritiesPath: $0, isRequired: listener.requiresClientCertificate)
                }
                contexts.append(
                    try ServerContext(certificates: certificates, ticketKeys: ticketKeys, clients: clients))
            } catch {
                throw EdgeError(listener: listener.name, error.text)
            }
        }
        return contexts
    }

    private static func settings(
        _ configuration: Configuration, _ terms: [ListenerTerms], workerCount: Int
    ) -> WorkerSettings {
        let connections = connectionLimit(configuration.limits, descriptors: DescriptorLimit.raise())
        return WorkerSettings(
            terms: terms, limits: configuration.limits, logging: RequestLogging(configuration.accessLog),
            graceMilliseconds: configuration.edge.graceMilliseconds, maxConnections: max(1, connections / workerCount),
            retries: configuration.retries)
    }

    /// Less than half of the descriptors: each request may need another one upstream (limits.md, D2).
    private static func connectionLimit(_ limits: Limits, descriptors: Int) -> Int {
        let most = max(1, (descriptors - 256) / 2)
        return limits.maxConnections > 0 ? min(limits.maxConnections, most) : most
    }
}
