/// Bodies that clients send; the server reads them strictly (`RequestBody`). Keys without a value are left out.
public struct ShareRequest: Encodable, Sendable {
    public var percent: Int
    public var reason: String
    /// `2h`; nil: for good.
    public var expiresIn: String?
    public init(percent: Int, reason: String, expiresIn: String?) {
        (self.percent, self.reason, self.expiresIn) = (percent, reason, expiresIn)
    }
}

/// `POST /v1/drains`.
public struct DrainRequest: Encodable, Sendable {
    public var target: String
    /// `ramp` or `now`.
    public var mode: String
    public var over: String?
    public var expiresIn: String?
    public var reason: String
    public var dryRun: Bool
    public var force: Bool
    public init(
        target: String, mode: String, over: String?, expiresIn: String?, reason: String, dryRun: Bool, force: Bool
    ) {
        (self.target, self.mode, self.over, self.expiresIn) = (target, mode, over, expiresIn)
        (self.reason, self.dryRun, self.force) = (reason, dryRun, force)
    }
}

/// `POST /v1/explain`.
public struct ExplainRequest: Encodable, Sendable {
    public var method: String
    /// With its query.
    public var path: String
    /// `host` is the authority.
    public var headers: [String: [String]]
    public init(method: String, path: String, headers: [String: [String]]) {
        (self.method, self.path, self.headers) = (method, path, headers)
    }
}
