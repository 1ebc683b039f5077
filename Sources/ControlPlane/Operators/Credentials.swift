public import Store
import Synchronization

/// The admin API's bearer tokens: who holds one, and making and revoking them. Only hashes of their secrets are here
/// and in the store; a secret is shown once, by the answer that makes it, and is in no log, audit entry or remembered
/// answer.
///
/// `authenticate` never waits; any thread. Whoever calls it limits failures (`LoginLimit`).
public final class Credentials: Sendable {
    /// So many bytes that nobody can have foreseen.
    public typealias Random = @Sendable (_ byteCount: Int) -> [UInt8]

    /// Before a secret's 43 characters, so that scanners for leaked secrets know it.
    public static let prefix = "ptl_"
    /// Tokens in force at once: each login is compared with all of them.
    public static let capacity = 1_000
    public static let lifeMilliseconds: ClosedRange<UInt64> = 60_000...365 * 86_400_000
    /// One that ended so long ago, revoked or expired, is forgotten with the next change of any.
    static let memoryNanoseconds: UInt64 = 90 * 86_400_000_000_000
    private static let maxSecretBytes = 256

    struct State {
        /// All that are known, by the time of their making.
        var tokens: [StoredToken]
        /// Of those that were neither revoked nor expired when this was made, in the same order as `live`.
        var digests: [SecretDigest] = []
        var live: [StoredToken] = []
        /// The latest change that was asked for.
        var turn: Task<Void, Never>?
    }

    let state: Mutex<State>
    let store: any StateStore
    let audit: AuditLog
    let clock: ControlClock
    let random: Random
    let generation: @Sendable () async -> UInt64

    /// - Parameters:
    ///   - stored: the store's tokens.
    ///   - generation: in force now, for the audit log and `If-Match`.
    public init(
        store: any StateStore, stored: [StoredToken], audit: AuditLog, clock: ControlClock = .system,
        random: @escaping Random = Credentials.systemRandom, generation: @escaping @Sendable () async -> UInt64
    ) {
        (self.store, self.audit, self.clock) = (store, audit, clock)
        (self.random, self.generation) = (random, generation)
        var state = State(tokens: stored.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) })
        state.refresh(now: clock.wallNanoseconds())
        self.state = Mutex(state)
    }

    public static let systemRandom: Random = { byteCount in
        var generator = SystemRandomNumberGenerator()
        return (0..<byteCount).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
    }

    // MARK: Who asks

    /// Nil: no such secret, or it is expired or revoked. Takes the same time whichever token it is, or none: the secret
    /// is hashed, and its hash compared with all.
    /// - Parameter from: address of the client, or `unix`.
    public func authenticate(secret: String, from: String) -> Caller? {
        guard secret.utf8.count <= Credentials.maxSecretBytes else { return nil }
        let digest = SecretDigest(of: secret)
        let now = clock.wallNanoseconds()
        return state.withLock { state in
            let place = digest.place(in: state.digests)
            guard place >= 0 else { return nil }
            let token = state.live[place]
            guard now < token.expiresAt, let role = Role(rawValue: token.role) else { return nil }
            return Caller(name: token.name, role: role, from: from)
        }
    }

    /// All that are known, the oldest first.
    public var tokens: [Status.Token] {
        let now = clock.wallNanoseconds()
        return state.withLock { state in state.tokens.map { Status.Token($0, now: now) } }
    }
}

extension Credentials.State {
    /// After a change, and as tokens expire.
    mutating func refresh(now: UInt64) {
        live = tokens.filter { $0.isValid(at: now) }
        digests = live.map { SecretDigest(bytes: $0.hash) }
    }

    /// Adds a token, or puts it in the place of the one with its id.
    mutating func set(_ token: StoredToken, now: UInt64) {
        if let index = tokens.firstIndex(where: { $0.id == token.id }) {
            tokens[index] = token
        } else {
            tokens.append(token)
        }
        refresh(now: now)
    }

    mutating func forget(_ ids: Set<String>) {
        if !ids.isEmpty { tokens.removeAll { ids.contains($0.id) } }
    }
}

extension StoredToken {
    func isValid(at now: UInt64) -> Bool { revokedAt == nil && now < expiresAt }

    func isForgotten(at now: UInt64) -> Bool {
        let end = min(expiresAt, revokedAt ?? .max)
        return now > end && now - end >= Credentials.memoryNanoseconds
    }
}

extension Status.Token {
    init(_ token: StoredToken, now: UInt64) {
        // A role of another version's grants nothing; it is shown as the least.
        self.init(
            id: token.id, name: token.name, role: Role(rawValue: token.role) ?? .viewer,
            createdAt: TimestampWriter.text(token.createdAt), createdBy: token.createdBy,
            expiresAt: TimestampWriter.text(token.expiresAt), revokedAt: token.revokedAt.map(TimestampWriter.text),
            state: token.revokedAt != nil ? "revoked" : now < token.expiresAt ? "valid" : "expired")
    }
}
