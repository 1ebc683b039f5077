import Config
public import Model

/// What a configuration would change.
extension Controller {
    /// What an apply would change and the snapshot that it would lead to now, health and operators' words included.
    /// Nothing changes; nobody's turn is taken.
    /// - Throws: why it would be refused. What only the data plane knows (addresses that are taken, keys that do not
    ///   belong to certificates) is not asked.
    public func tryConfiguration(
        _ configuration: Configuration
    ) async throws(ApplyError) -> (changes: [String], snapshot: Snapshot) {
        _ = try changes(to: configuration)
        let gathered = try await EndpointSources.gather(configuration, resolver)
        let pinned = await Task.detached { [steering] in steering.pinned(for: configuration) }.value
        // Names took their time: what is in force may be another configuration by now.
        let changes = try changes(to: configuration)
        var (next, sources) = (steering, sources)
        _ = try sources.adopt(gathered, now: clock.now())
        do {
            try next.adopt(sources.configuration, resolved: sources.resolved, pinned: pinned, now: clock.now())
        } catch {
            throw ApplyError(reasons: [error.description])
        }
        return (changes, next.snapshot)
    }

    /// In words; refuses what a running edge cannot change.
    func changes(to configuration: Configuration) throws(ApplyError) -> [String] {
        let changes = ConfigurationChange.between(sources.loaded, configuration)
        let refused = changes.filter(\.needsRestart)
        guard refused.isEmpty else { throw ApplyError(reasons: refused.map { "\($0.text) needs a restart" }) }
        return changes.map(\.text)
    }
}
