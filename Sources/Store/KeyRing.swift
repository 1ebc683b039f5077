import Synchronization

/// The secrets of sessions in force, and their renewal: durable before anybody signs with them, one after another. Any
/// thread.
public final class KeyRing: Sendable {
    /// What goes into the transaction of new secrets besides them.
    public typealias Recording = @Sendable (SecretKeys) -> (audit: AuditDraft?, answer: StoredAnswer?)
    /// Puts secrets in force; called in their order.
    public typealias Adoption = @Sendable (SecretKeys) -> Void

    private typealias Outcome = Result<SecretKeys?, StoreError>

    private struct State {
        var keys: SecretKeys
        /// The latest renewal that was asked for.
        var turn: Task<Outcome, Never>?
    }

    private let store: any StateStore
    private let state: Mutex<State>

    public var keys: SecretKeys { state.withLock { $0.keys } }

    private init(_ keys: SecretKeys, _ store: any StateStore) {
        self.store = store
        state = Mutex(State(keys: keys))
    }

    /// With the secrets of the state; where there are none, with fresh ones, which the store has then.
    ///
    /// - Parameters:
    ///   - stored: what `store` was loaded with.
    ///   - nowSeconds: since 1970.
    public static func open(
        _ stored: StoredState, in store: any StateStore, nowSeconds: UInt64
    ) async throws(StoreError) -> KeyRing {
        if let keys = stored.keys { return KeyRing(keys, store) }
        var random = SystemRandomNumberGenerator()
        let keys = SecretKeys.make(nowSeconds: nowSeconds, &random)
        try await store.commit(StoreTransaction([.setKeys(keys)]))
        return KeyRing(keys, store)
    }

    /// Renews the secret that signs tokens. On an error the secrets stay as they are.
    public func rotate(
        nowSeconds: UInt64, recording: @escaping Recording = { _ in (nil, nil) }, adopt: @escaping Adoption
    ) async throws(StoreError) -> SecretKeys {
        try await turn { await self.renew(nowSeconds, recording, adopt) } ?? keys
    }

    /// Renews it when its time is over; nil: it was not.
    public func rotateIfDue(
        nowSeconds: UInt64, rotationSeconds: UInt64, adopt: @escaping Adoption
    ) async throws(StoreError) -> SecretKeys? {
        try await turn {
            guard self.keys.isDue(nowSeconds: nowSeconds, rotationSeconds: rotationSeconds) else {
                return .success(nil)
            }
            return await self.renew(nowSeconds, { _ in (nil, nil) }, adopt)
        }
    }

    /// Two renewals of the same secret would sign with one that the other forgot.
    private func turn(_ body: @escaping @Sendable () async -> Outcome) async throws(StoreError) -> SecretKeys? {
        let turn = state.withLock { state in
            let turn = Task { [before = state.turn] in
                _ = await before?.value
                return await body()
            }
            state.turn = turn
            return turn
        }
        return try await turn.value.get()
    }

    private func renew(_ nowSeconds: UInt64, _ recording: Recording, _ adopt: Adoption) async -> Outcome {
        var random = SystemRandomNumberGenerator()
        let fresh = keys.rotated(nowSeconds: nowSeconds, &random)
        let record = recording(fresh)
        do throws(StoreError) {
            try await store.commit(
                StoreTransaction([.setKeys(fresh)], audit: record.audit, answer: record.answer))
        } catch { return .failure(error) }
        state.withLock { $0.keys = fresh }
        adopt(fresh)
        return .success(fresh)
    }
}
