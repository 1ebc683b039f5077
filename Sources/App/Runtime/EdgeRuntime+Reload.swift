import Admin
import Config
import ControlPlane
import DataPlane
import Discovery
import Model
import Policy
import Synchronization

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
                reload: { [weak self] seen in await self?.reload(ifMatch: seen) ?? .failure(.stopped) },
                attempt: { [weak self] text throws(ReloadRefusal) in
                    guard let self else { throw .stopped }
                    return try await tryReload(text)
                }))
    }

    /// SIGHUP: a reload that the audit log tells of as it does of those that the API asks for.
    func reloadOnSignal() async {
        let context = ChangeContext(caller: .signal, action: "config.reload", detail: "{}")
        // What is wrong is in the log.
        _ = try? await readings.reload(context)
    }

    /// Reads the file again, and certificates with it, and applies it whole or not at all. Says in the log what
    /// changed, or what is wrong. One at a time, to its last part: of two files nothing is ever mixed.
    /// - Parameter seen: the only generation that it may follow on; nil: any. What one caller has seen is nobody
    ///   else's condition, and what it does not bring is nobody else's refusal.
    private func reload(ifMatch seen: UInt64?) async -> Result<Reloaded, ReloadRefusal> {
        await reloads.run(alone: seen != nil) { [self] in
            let result: Result<Reloaded, ReloadRefusal>
            do throws(ReloadRefusal) {
                result = .success(try await readAndApply(ifMatch: seen))
            } catch { result = .failure(error) }
            tell(result, options.configurationFile)
            return result
        }
    }

    private func readAndApply(ifMatch seen: UInt64?) async throws(ReloadRefusal) -> Reloaded {
        let loaded: LoadedConfiguration
        do throws(ConfigurationError) { loaded = try await load(nil) } catch {
            let refusal = ReloadRefusal(error)
            await controller.rejected(ApplyError(reasons: refusal.reasons), file: options.configurationFile)
            throw refusal
        }
        let warnings = warnings(of: loaded)
        do throws(ApplyError) {
            let before = edge.boundAddresses
            var reloaded = try await apply(loaded.configuration, ifMatch: seen)
            reloaded.warnings = warnings + reloaded.warnings
            if edge.boundAddresses != before { announceListeners(loaded.configuration) }
            return reloaded
        } catch { throw ReloadRefusal(error, warnings: warnings) }
    }

    /// `POST /v1/config?dry_run=true`: what the file, or that text in its place, would change, and the snapshot that it
    /// would lead to. Nothing changes.
    /// - Parameter text: paths in it are relative to the file's folder; nil: the file as it is now.
    func tryReload(
        _ text: String?
    ) async throws(ReloadRefusal) -> (outcome: Reloaded, snapshot: Snapshot) {
        let loaded: LoadedConfiguration
        do throws(ConfigurationError) { loaded = try await load(text) } catch { throw ReloadRefusal(error) }
        let warnings = warnings(of: loaded)
        do throws(ApplyError) {
            let (changes, snapshot) = try await controller.tryConfiguration(loaded.configuration)
            return (Reloaded(changes: changes, warnings: warnings), snapshot)
        } catch { throw ReloadRefusal(error, warnings: warnings) }
    }

    /// The file, or that text in its place. A million pins take seconds.
    private func load(_ text: String?) async throws(ConfigurationError) -> LoadedConfiguration {
        let (loader, file) = (options.loader, options.configurationFile)
        return try await offload { () -> Result<LoadedConfiguration, ConfigurationError> in
            do throws(ConfigurationError) {
                guard let text else { return .success(try loader.load(path: file)) }
                return .success(try loader.load(text: text, file: file))
            } catch { return .failure(error) }
        }.get()
    }

    /// Puts another configuration in force, whole or not at all.
    private func apply(_ configuration: Configuration, ifMatch seen: UInt64?) async throws(ApplyError) -> Reloaded {
        let generation = Mutex<UInt64>(0)
        let changes = try await controller.apply(
            configuration, from: options.configurationFile, ifMatch: seen,
            prepare: { [edge, reader] in try await Prepared.read(configuration, edge, reader) },
            adopt: { [edge, reader, readings, sessions, options] prepared, snapshot in
                // What can refuse comes first.
                try edge.reload(configuration, prepared.keys, workerCount: options.workerCount(for: configuration))
                reader.adopt(rings: edge.rings)
                reader.log(to: prepared.log, sample: configuration.accessLog?.sample ?? 0)
                let names = EdgeRuntime.names(snapshot, edge)
                reader.adopt(names)
                readings.adopt(names)
                sessions.adopt(configuration)
                generation.withLock { $0 = snapshot.generation }
            })
        await ledger.adopt(configuration)
        await positions.adopt(configuration)
        adoptGrace(configuration)
        return Reloaded(
            changes: changes, warnings: await adoptAdmin(configuration.admin), generation: generation.withLock(\.self))
    }

    /// What of it did not come to pass.
    private func adoptAdmin(_ configuration: Configuration.Admin) async -> [String] {
        guard let admin else { return [] }
        return await offload {
            do throws(AdminError) { try admin.adopt(configuration) } catch {
                return ["the admin API keeps its certificate and client_authorities: \(error)"]
            }
            return []
        }
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

/// What a reload needs from disks, which may take their time.
private struct Prepared: Sendable {
    let log: LogFile?
    let keys: Edge.KeyMaterial

    static func read(_ configuration: Configuration, _ edge: Edge, _ reader: RecordReader) async throws -> Prepared {
        try await offload {
            Result {
                let keys = try edge.readKeys(for: configuration)
                return Prepared(log: try reader.file(at: configuration.accessLog?.path), keys: keys)
            }
        }.get()
    }
}

extension Caller {
    /// Whoever may send the process a signal may do anything to it.
    fileprivate static let signal = Caller(name: "SIGHUP", role: .admin, from: "signal")
}
