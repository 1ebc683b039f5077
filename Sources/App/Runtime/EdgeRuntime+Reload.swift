import Config
import ControlPlane
import DataPlane
import Model

extension EdgeRuntime.Options {
    /// The command line wins over the file, which wins over one a core.
    func workerCount(for configuration: Configuration) -> Int {
        workerCount ?? configuration.edge.workers ?? EdgeRuntime.coreCount
    }
}

extension EdgeRuntime {
    /// The admin API asks for it as a signal does.
    func connectReloading() {
        readings.connect(
            EdgeReadings.Reloading(
                reload: { [weak self] in await self?.reload() ?? .failure(.stopped) },
                attempt: { [weak self] text throws(ReloadRefusal) in
                    guard let self else { throw .stopped }
                    return try await tryReload(text)
                }))
    }

    /// SIGHUP and `POST /v1/config`: reads the file again, and certificates with it, and applies it whole or not at
    /// all. Says in the log what changed, or what is wrong.
    func reload() async -> Result<Reloaded, ReloadRefusal> {
        let file = options.configurationFile
        let result: Result<Reloaded, ReloadRefusal>
        do throws(ReloadRefusal) {
            let loaded: LoadedConfiguration
            do throws(ConfigurationError) { loaded = try options.loader.load(path: file) } catch {
                let refusal = ReloadRefusal(error)
                await controller.rejected(ApplyError(reasons: refusal.reasons), file: file)
                throw refusal
            }
            let warnings = warnings(of: loaded)
            do throws(ApplyError) {
                let before = edge.boundAddresses
                let changes = try await apply(loaded.configuration)
                result = .success(Reloaded(changes: changes, warnings: warnings))
                if edge.boundAddresses != before { announceListeners(loaded.configuration) }
            } catch { throw ReloadRefusal(reasons: error.reasons, warnings: warnings) }
        } catch { result = .failure(error) }
        tell(result, file)
        return result
    }

    /// `POST /v1/config?dry_run=true`: what the file, or that text in its place, would change, and the snapshot that it
    /// would lead to. Nothing changes.
    /// - Parameter text: paths in it are relative to the file's folder; nil: the file as it is now.
    func tryReload(
        _ text: String?
    ) async throws(ReloadRefusal) -> (outcome: Reloaded, snapshot: Snapshot) {
        let file = options.configurationFile
        let loaded: LoadedConfiguration
        do throws(ConfigurationError) {
            if let text {
                loaded = try options.loader.load(text: text, file: file)
            } else {
                loaded = try options.loader.load(path: file)
            }
        } catch { throw ReloadRefusal(error) }
        let warnings = warnings(of: loaded)
        do throws(ApplyError) {
            let (changes, snapshot) = try await controller.tryConfiguration(loaded.configuration)
            return (Reloaded(changes: changes, warnings: warnings), snapshot)
        } catch { throw ReloadRefusal(reasons: error.reasons, warnings: warnings) }
    }

    /// The file's, and what of it does not come to pass.
    private func warnings(of loaded: LoadedConfiguration) -> [String] {
        let warnings = loaded.warnings.map(\.description)
        guard let given = options.workerCount, let wanted = loaded.configuration.edge.workers, given != wanted else {
            return warnings
        }
        return warnings + [
            "\(options.configurationFile): edge.workers: \(wanted) is not followed: --workers \(given) of the command "
                + "line wins (start without it)"
        ]
    }

    private func tell(_ result: Result<Reloaded, ReloadRefusal>, _ file: String) {
        switch result {
        case .success(let reloaded):
            for warning in reloaded.warnings { options.logger.warning("\(warning)") }
            for change in reloaded.changes {
                options.logger.notice("configuration: \(change)", metadata: ["file": .string(file)])
            }
        case .failure(let refusal):
            for warning in refusal.warnings { options.logger.warning("\(warning)") }
            for reason in refusal.reasons {
                options.logger.error(
                    "configuration not applied, nothing changed: \(reason)", metadata: ["file": .string(file)])
            }
        }
    }

    /// Where clients connect now.
    func announceListeners(_ configuration: Configuration) {
        for (listener, address) in zip(configuration.listeners, boundAddresses) {
            let kind = listener.certificates == nil ? "h2c" : "h2 over TLS"
            options.logger.notice("listening on \(address) (\(listener.name), \(kind))")
        }
    }
}
