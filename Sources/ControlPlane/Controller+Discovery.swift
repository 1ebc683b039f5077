import Discovery
import Model

/// Names and files of endpoints, looked at again while the edge runs. The looks block, so each is a task of its own on
/// threads of its own; only what they brought comes back here.
extension Controller {
    /// Until the task is cancelled, or nothing is left to look at.
    func discover() async {
        while !Task.isCancelled, !sources.isEmpty {
            look()
            let tick = clock.now().advanced(milliseconds: FileTable.intervalMilliseconds)
            await clock.sleep(min(tick, min(sources.names.nextDue, sources.nextEnd)))
        }
    }

    /// Starts what is due.
    private func look() {
        endLingering()
        for name in sources.names.takeDue(now: clock.now()) {
            Task { [weak self, resolver] in
                let result = await resolver.lookUp(name)
                await self?.lookedUp(name, result)
            }
        }
        if isReadingFiles || sources.files.paths.isEmpty { return }
        isReadingFiles = true
        Task { [weak self, files = sources.files, resolver, now = clock.now()] in
            let readings = await EndpointReading.stale(in: files, now: now)
            // Their names with them: a cell must not be without endpoints while a name server thinks.
            let addresses = readings.flatMap { (try? $0.result?.get()) ?? [] }
            let answers = await resolver.lookUp(EndpointSources.names(in: addresses))
            await self?.filesRead(readings, answers)
        }
    }

    /// What had given way to other addresses was kept long enough.
    private func endLingering() {
        let over = sources.endLingering(now: clock.now())
        guard !over.isEmpty, adoptSources(subject: over.map(\.subject).joined(separator: ", ")) else { return }
        for (subject, removed) in over { tell(.changed(added: [], removed: removed), of: subject) }
    }

    private func lookedUp(_ name: String, _ result: Result<Answer, LookupFailure>) {
        let change = sources.names.ended(name, result, now: clock.now())
        if change.isMove, !adoptSources(subject: name) { return }
        tell(change, of: name)
    }

    private func filesRead(
        _ readings: [EndpointReading], _ answers: [String: Result<Answer, LookupFailure>]
    ) {
        isReadingFiles = false
        let now = clock.now()
        let changes = readings.map { (path: $0.path, change: sources.ended($0, answers, now: now)) }
        if changes.isEmpty { return }
        let known = Set(sources.names.addresses.keys)
        sources.names.watch(sources.wantedNames, now: now)
        let found = answers.sorted { $0.key < $1.key }.map { name, result in
            (name: name, change: sources.names.ended(name, result, now: now))
        }
        if changes.contains(where: \.change.isMove) || found.contains(where: \.change.isMove) {
            let subject = changes.map(\.path).joined(separator: ", ")
            guard adoptSources(subject: subject) else { return }
        }
        for (path, change) in changes { tell(change, of: path) }
        // What a new name stands for is the file's change.
        for (name, change) in found {
            if change.isMove, !known.contains(name) { continue }
            tell(change, of: name)
        }
    }

    func tell(_ change: SourceChange<some CustomStringConvertible>, of subject: String) {
        switch change {
        case .unchanged: return
        case .failed(let reason):
            emit(.discoveryFailed, subject: subject, cause: "\(reason): the last known addresses stay")
        case .recovered: emit(.discoveryRecovered, subject: subject, cause: "the same addresses as before")
        case .changed(let added, let removed):
            told(of: subject, added.map(\.description), removed.map(\.description), "removed")
        case .replaced(let new, let old):
            let seconds = Lingering<Address>.milliseconds / 1_000
            told(of: subject, new.map(\.description), old.map(\.description), "to be removed in \(seconds) s")
        }
    }

    private func told(of subject: String, _ added: [String], _ removed: [String], _ word: String) {
        let parts = [("added", added), (word, removed)]
        let words = parts.filter { !$0.1.isEmpty }.map { "\($0.1.joined(separator: ", ")) \($0.0)" }
        emit(
            .endpointsChanged, subject: subject,
            cause: words.isEmpty ? "another order" : words.joined(separator: "; "))
    }
}
