import ControlPlane
import DataPlane
import Discovery
import Logging
import Model
import Store
import Synchronization

/// Keeps sessions over the life of the process and beyond it: fills their table at the start, writes it behind while
/// the edge runs and when it stops, and renews the key that signs tokens, which the workers take once it is durable.
final class SessionKeeper: Sendable {
    /// How much a crash may cost (design.md, State that must survive).
    static let pause = Duration.seconds(10)

    private struct State {
        var snapshot: Snapshot
        var rotationSeconds: UInt64
        /// As of the last writing.
        var counts: [CellID: Int] = [:]
        /// Failures are told when they begin, not every ten seconds.
        var hasFailed = false
        var isOverdue = false
    }

    private let store: SessionStore
    private let ring: KeyRing
    private let logger: Logger
    private let state: Mutex<State>

    var table: SessionTable { store.table }
    var keys: SessionKeys { SessionKeys(ring.keys) }

    init(_ ring: KeyRing, _ configuration: Configuration, _ snapshot: Snapshot, _ logger: Logger) {
        (self.ring, self.logger) = (ring, logger)
        store = SessionStore(statePath: configuration.statePath, hashKey: ring.keys.hashKey)
        let rotation = configuration.sessions.keyRotationMilliseconds / 1_000
        state = Mutex(State(snapshot: snapshot, rotationSeconds: rotation))
    }

    /// Before any request.
    func load() {
        do {
            guard let found = try store.load(state.withLock { $0.snapshot }) else { return }
            let dropped = found.dropped == 0 ? "" : "; \(found.dropped) of cells that are no longer there were dropped"
            logger.notice("\(found.restored) sessions are held as before the restart\(dropped)")
        } catch { logger.error("sessions: \(error)") }
    }

    /// Names are the snapshot's. Quick: the control plane calls it.
    func adopt(_ snapshot: Snapshot) { state.withLock { $0.snapshot = snapshot } }

    func adopt(_ configuration: Configuration) {
        state.withLock { $0.rotationSeconds = configuration.sessions.keyRotationMilliseconds / 1_000 }
    }

    /// Until the task is cancelled.
    func run(_ edge: Edge) async {
        await rotateIfDue(edge)
        while (try? await Task.sleep(for: SessionKeeper.pause)) != nil {
            // Writing blocks, and Swift's threads must not.
            await offload { self.save() }
            await rotateIfDue(edge)
        }
    }

    /// Writes the table now: also once the workers have ended. Blocks.
    func save() {
        let snapshot = state.withLock { $0.snapshot }
        do {
            let counts = try store.save(snapshot, nowSeconds: SessionKeeper.nowSeconds)
            state.withLock { ($0.counts, $0.hasFailed) = (counts, false) }
        } catch {
            let wasTold = state.withLock { state in
                defer { state.hasFailed = true }
                return state.hasFailed
            }
            if !wasTold { logger.error("sessions are not saved: \(error)") }
        }
    }

    private func rotateIfDue(_ edge: Edge) async {
        let rotation = state.withLock { $0.rotationSeconds }
        do {
            _ = try await ring.rotateIfDue(
                nowSeconds: SessionKeeper.nowSeconds, rotationSeconds: rotation, adopt: adoption(edge))
            state.withLock { $0.isOverdue = false }
        } catch {
            let wasTold = state.withLock { state in
                defer { state.isOverdue = true }
                return state.isOverdue
            }
            if !wasTold { logger.error("the key of session tokens was not renewed: \(error)") }
        }
    }

    /// Renews the key that signs tokens, whatever its age; the present one verifies until the next time.
    ///
    /// - Parameter recording: what is written in the same transaction.
    /// - Throws: the new key could not be made durable; the present one goes on signing.
    @discardableResult
    func rotateNow(
        _ edge: Edge, recording: @escaping KeyRing.Recording = { _ in (nil, nil) }
    ) async throws(StoreError) -> SecretKeys {
        try await ring.rotate(
            nowSeconds: SessionKeeper.nowSeconds, recording: recording, adopt: adoption(edge))
    }

    private func adoption(_ edge: Edge) -> KeyRing.Adoption {
        { [logger] keys in
            edge.adopt(SessionKeys(keys))
            logger.notice("session tokens are signed with key \(keys.current.generation) from now on")
        }
    }

    /// Sessions of the cell as of the last writing; producers alone, since tokens are with their clients.
    func count(_ cell: String, in region: String) -> Int {
        state.withLock { state in
            for (id, count) in state.counts where state.snapshot.name(of: id) == cell {
                let entry = state.snapshot.cells[id.index]
                if entry.isPresent, state.snapshot.name(of: entry.region) == region { return count }
            }
            return 0
        }
    }

    static var nowSeconds: UInt64 { ControlClock.system.wallNanoseconds() / 1_000_000_000 }
}

extension SessionKeys {
    convenience init(_ keys: SecretKeys) {
        self.init(
            generation: keys.current.generation, current: keys.current.secret, previous: keys.previous?.secret)
    }
}
