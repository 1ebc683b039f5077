/// What the admin API shows of tenants, credentials, the audit log, configuration and what-if.
extension Status {
    /// A weight or dial that an operator set.
    public struct Setting: Codable, Equatable, Sendable {
        public var percent: Int
        public var reason: String
        public var who: String
        /// RFC 3339, as all times here.
        public var setAt: String
        /// Absent: never.
        public var expiresAt: String?
        public init(percent: Int, reason: String, who: String, setAt: String, expiresAt: String?) {
            (self.percent, self.reason, self.who) = (percent, reason, who)
            (self.setAt, self.expiresAt) = (setAt, expiresAt)
        }
    }

    /// `GET /v1/tenants/{tenant}`.
    public struct Tenant: Codable, Equatable, Sendable {
        public var tenant: String
        public var home: String
        /// Jurisdictions that its data may be in.
        public var residency: [String]
        /// `file` or `operator`.
        public var source: String
        /// Of an operator's pin.
        public var reason: String?
        public var who: String?
        public var setAt: String?
        public init(
            tenant: String, home: String, residency: [String], source: String, reason: String? = nil,
            who: String? = nil, setAt: String? = nil
        ) {
            (self.tenant, self.home, self.residency, self.source) = (tenant, home, residency, source)
            (self.reason, self.who, self.setAt) = (reason, who, setAt)
        }
    }

    /// One of `GET /v1/tokens`. Its secret is nowhere.
    public struct Token: Codable, Equatable, Sendable {
        public var id: String
        public var name: String
        public var role: Role
        public var createdAt: String
        public var createdBy: String
        public var expiresAt: String
        public var revokedAt: String?
        /// `valid`, `expired` or `revoked`.
        public var state: String
        public init(
            id: String, name: String, role: Role, createdAt: String, createdBy: String, expiresAt: String,
            revokedAt: String?, state: String
        ) {
            (self.id, self.name, self.role, self.createdAt) = (id, name, role, createdAt)
            (self.createdBy, self.expiresAt, self.revokedAt, self.state) = (createdBy, expiresAt, revokedAt, state)
        }
    }

    /// Answer to `POST /v1/tokens`: the only time that the secret is shown.
    public struct NewToken: Codable, Equatable, Sendable {
        public var token: Token
        /// Empty where the same idempotency key is answered again: it was shown, and is kept nowhere. Whoever lost it
        /// revokes the token and makes another.
        public var secret: String
        public init(token: Token, secret: String) { (self.token, self.secret) = (token, secret) }
    }

    /// Answer to `POST /v1/session-keys/rotate`.
    public struct SessionKey: Codable, Equatable, Sendable {
        /// Of the key that signs from now on.
        public var keyGeneration: UInt32
        public var since: String
        public init(keyGeneration: UInt32, since: String) { (self.keyGeneration, self.since) = (keyGeneration, since) }
    }

    /// One of `GET /v1/audit`. `detail` is the JSON that was asked for, as text; hashes are hexadecimal.
    public struct Audit: Codable, Equatable, Sendable {
        public var number: UInt64
        public var time: String
        /// Nanoseconds since 1970, which the hash covers; as text, because JSON's numbers are too short for it.
        public var timeNanoseconds: String
        public var who: String
        public var role: String
        public var from: String
        public var action: String
        public var subject: String
        public var reason: String
        public var outcome: String
        public var detail: String
        public var generation: UInt64
        public var previous: String
        public var hash: String
        public init(
            number: UInt64, time: String, timeNanoseconds: String, who: String, role: String, from: String,
            action: String, subject: String, reason: String, outcome: String, detail: String, generation: UInt64,
            previous: String, hash: String
        ) {
            (self.number, self.time, self.timeNanoseconds) = (number, time, timeNanoseconds)
            (self.who, self.role, self.from, self.action) = (who, role, from, action)
            (self.subject, self.reason, self.outcome) = (subject, reason, outcome)
            (self.detail, self.generation, self.previous, self.hash) = (detail, generation, previous, hash)
        }
    }

    /// One of `GET /v1/datasets`.
    public struct Dataset: Codable, Equatable, Sendable {
        public var name: String
        /// `single` or `multi`.
        public var mode: String
        /// Absent with `multi`.
        public var owner: String?
        public var epoch: UInt64
        /// `file` or `learnt`.
        public var source: String
        /// By region, in the file's order; empty where no positions are read.
        public var replication: [Replication] = []
        public init(name: String, mode: String, owner: String?, epoch: UInt64, source: String) {
            (self.name, self.mode, self.owner, self.epoch, self.source) = (name, mode, owner, epoch, source)
        }
    }

    /// What a sample of the last minute's requests would have met under other circumstances.
    public struct WhatIf: Codable, Equatable, Sendable {
        /// Requests of the last minute that were decided again.
        public var sampled: Int
        /// Of how many that there were.
        public var requests: UInt64
        /// Of the sampled ones, how many would have been decided otherwise.
        public var different: Int
        /// Of the sampled ones, how many would have been refused that were not.
        public var refused: Int
        /// Most first.
        public var moves: [Flow]
        public init(sampled: Int, requests: UInt64, different: Int, refused: Int, moves: [Flow]) {
            (self.sampled, self.requests, self.different) = (sampled, requests, different)
            (self.refused, self.moves) = (refused, moves)
        }
    }

    /// Requests that would go elsewhere. `REGION/CELL`, or a refusal's reason code.
    public struct Flow: Codable, Equatable, Sendable {
        public var from: String
        public var to: String
        public var requests: Int
        public init(from: String, to: String, requests: Int) {
            (self.from, self.to, self.requests) = (from, to, requests)
        }
    }

    /// Sessions that a drain would move.
    public struct SessionMove: Codable, Equatable, Sendable {
        public var from: String
        /// Cells in the order of what they would take; what each takes follows the shares.
        public var to: [String]
        public var sessions: Int
        public init(from: String, to: [String], sessions: Int) {
            (self.from, self.to, self.sessions) = (from, to, sessions)
        }
    }

    /// `GET /v1/config`, and the answer to `POST /v1/config`.
    public struct Configured: Codable, Equatable, Sendable {
        public var generation: UInt64
        public var file: String
        public var dryRun: Bool
        /// What the new one changes, in words; empty with GET.
        public var changes: [String]
        public var warnings: [String]
        /// Absent without a dry run.
        public var whatIf: WhatIf?
        public var certificates: [Certificate]
        public init(
            generation: UInt64, file: String, dryRun: Bool = false, changes: [String] = [], warnings: [String] = [],
            whatIf: WhatIf? = nil, certificates: [Certificate] = []
        ) {
            (self.generation, self.file, self.dryRun) = (generation, file, dryRun)
            (self.changes, self.warnings) = (changes, warnings)
            (self.whatIf, self.certificates) = (whatIf, certificates)
        }
    }

    /// One certificate that a listener or the admin API shows.
    public struct Certificate: Codable, Equatable, Sendable {
        /// Name of the listener; `admin` for the admin API's.
        public var listener: String
        public var subject: String
        public var names: [String]
        public var notAfter: String
        /// Until then; negative once it is over.
        public var secondsLeft: Int
        public init(listener: String, subject: String, names: [String], notAfter: String, secondsLeft: Int) {
            (self.listener, self.subject, self.names) = (listener, subject, names)
            (self.notAfter, self.secondsLeft) = (notAfter, secondsLeft)
        }
    }
}
