/// What a store holds for the control plane's start. Lists are in the order of what names their elements.
public struct StoredState: Equatable, Sendable {
    public var settings: [StoredSetting] = []
    /// By id: those in force and the latest that ended.
    public var drains: [StoredDrain] = []
    /// The greatest id a drain ever had; ids are never used again.
    public var lastDrainID: UInt32 = 0
    public var pins: [StoredPin] = []
    public var tokens: [StoredToken] = []
    public var owners: [StoredOwner] = []
    /// Of the newest event; 0: none.
    public var lastEventNumber: UInt64 = 0
    /// No generation up to this one may be used again.
    public var reservedGeneration: UInt64 = 0
    /// By webhook URL: the last event delivered, or given up.
    public var webhookCursors: [String: UInt64] = [:]
    /// The secrets of sessions; nil: none were made yet.
    public var keys: SecretKeys?
    public init() {}

    /// With its lists in order, so that two stores of the same content are equal.
    var ordered: StoredState {
        var state = self
        state.settings.sort { ($0.kind.rawValue, $0.region, $0.cell) < ($1.kind.rawValue, $1.region, $1.cell) }
        state.drains.sort { $0.id < $1.id }
        state.pins.sort { $0.tenant < $1.tenant }
        state.tokens.sort { $0.id < $1.id }
        state.owners.sort { $0.dataset < $1.dataset }
        return state
    }
}

/// A weight or a dial that an operator set over the file's.
public struct StoredSetting: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable { case weight, dial }
    public var kind: Kind
    public var region: String
    /// Empty for a dial.
    public var cell: String
    public var percent: Int
    public var reason: String
    public var who: String
    public var setAt: UInt64
    /// Nil: never.
    public var expiresAt: UInt64?
    public init(
        kind: Kind, region: String, cell: String = "", percent: Int, reason: String, who: String, setAt: UInt64,
        expiresAt: UInt64?
    ) {
        (self.kind, self.region, self.cell, self.percent) = (kind, region, cell, percent)
        (self.reason, self.who, self.setAt, self.expiresAt) = (reason, who, setAt, expiresAt)
    }
}

/// A drain as it was last heard of; where it stands now follows from the time.
public struct StoredDrain: Equatable, Sendable {
    public var id: UInt32
    public var region: String
    /// Empty: the whole region.
    public var cell: String
    /// `ramp` or `now`.
    public var mode: String
    /// As `Policy.Drain.State`.
    public var state: String
    public var reason: String
    public var who: String
    public var startedAt: UInt64
    public var expiresAt: UInt64
    public var overMilliseconds: UInt64
    /// Percent of its share where the ramp began.
    public var firstPercent: Int
    /// Percent of its share now: what an undrain goes on from.
    public var admissionPercent: Int
    /// When the present step of an undrain began; 0 while it drains.
    public var stepAt: UInt64
    /// Share of errors before it began, 0–1: what the way back is measured against.
    public var errorShareBefore: Double
    public init(
        id: UInt32, region: String, cell: String, mode: String, state: String, reason: String, who: String,
        startedAt: UInt64, expiresAt: UInt64, overMilliseconds: UInt64, firstPercent: Int, admissionPercent: Int,
        stepAt: UInt64, errorShareBefore: Double
    ) {
        (self.id, self.region, self.cell, self.mode, self.state) = (id, region, cell, mode, state)
        (self.reason, self.who, self.startedAt, self.expiresAt) = (reason, who, startedAt, expiresAt)
        (self.overMilliseconds, self.firstPercent) = (overMilliseconds, firstPercent)
        (self.admissionPercent, self.stepAt) = (admissionPercent, stepAt)
        self.errorShareBefore = errorShareBefore
    }
}

/// Where a tenant belongs, as an operator said it over the file.
public struct StoredPin: Equatable, Sendable {
    public var tenant: String
    public var home: String
    /// Jurisdictions; empty: the home's own.
    public var residency: [String]
    public var reason: String
    public var who: String
    public var setAt: UInt64
    public init(tenant: String, home: String, residency: [String], reason: String, who: String, setAt: UInt64) {
        (self.tenant, self.home, self.residency) = (tenant, home, residency)
        (self.reason, self.who, self.setAt) = (reason, who, setAt)
    }
}

/// An admin credential; its secret is not here, only the hash of it.
public struct StoredToken: Equatable, Sendable {
    /// Public: what lists and revocations name.
    public var id: String
    public var name: String
    /// `viewer`, `operator` or `admin`.
    public var role: String
    /// SHA-256 of the secret.
    public var hash: [UInt8]
    public var createdAt: UInt64
    public var createdBy: String
    public var expiresAt: UInt64
    /// Nil: in force until it expires.
    public var revokedAt: UInt64?
    public init(
        id: String, name: String, role: String, hash: [UInt8], createdAt: UInt64, createdBy: String,
        expiresAt: UInt64, revokedAt: UInt64? = nil
    ) {
        (self.id, self.name, self.role, self.hash) = (id, name, role, hash)
        (self.createdAt, self.createdBy) = (createdAt, createdBy)
        (self.expiresAt, self.revokedAt) = (expiresAt, revokedAt)
    }
}

/// Who owns a dataset, where the edge has learnt more than the file says.
public struct StoredOwner: Equatable, Sendable {
    public var dataset: String
    public var region: String
    public var epoch: UInt64
    public init(dataset: String, region: String, epoch: UInt64) {
        (self.dataset, self.region, self.epoch) = (dataset, region, epoch)
    }
}

/// An event as it is kept.
public struct StoredEvent: Equatable, Sendable {
    /// Kept at most, whatever their age.
    public static let capacity = 200_000
    public var number: UInt64
    public var time: UInt64
    public var generation: UInt64
    public var kind: String
    public var subject: String
    public var cause: String
    public init(number: UInt64, time: UInt64, generation: UInt64, kind: String, subject: String, cause: String) {
        (self.number, self.time, self.generation) = (number, time, generation)
        (self.kind, self.subject, self.cause) = (kind, subject, cause)
    }
}

/// What a change was answered, for a client that asks again with the same idempotency key.
public struct StoredAnswer: Equatable, Sendable {
    /// Kept so long.
    public static let lifeNanoseconds: UInt64 = 86_400_000_000_000
    public var key: String
    /// Of the method, the path, the caller and the body: the same key with another request is a mistake.
    public var fingerprint: [UInt8]
    public var status: Int
    public var body: [UInt8]
    /// Value of the `location` header; nil: none.
    public var location: String?
    public var at: UInt64
    public init(key: String, fingerprint: [UInt8], status: Int, body: [UInt8], location: String?, at: UInt64) {
        (self.key, self.fingerprint, self.status) = (key, fingerprint, status)
        (self.body, self.location, self.at) = (body, location, at)
    }

    /// It is not forgotten yet; a clock that goes back makes nothing older.
    func isAlive(at now: UInt64) -> Bool { now <= at || now - at < StoredAnswer.lifeNanoseconds }
}
