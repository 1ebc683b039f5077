/// The configuration file as checked: every default filled in, every name resolved, nothing about the present moment.
///
/// `Config` makes it from YAML; `ControlPlane` turns it into snapshots; `DataPlane` takes listeners and limits from it.
/// Times are milliseconds. Relative paths were made absolute against the file's folder.
public struct Configuration: Equatable, Sendable {
    public var edge = Edge()
    public var listeners: [Listener] = []
    public var admin = Admin()
    /// Path of the SQLite state; nil where the file names none.
    public var statePath: String?
    /// In the file's order, which is the order of their ids.
    public var regions: [Region] = []
    public var sessions = Sessions()
    /// First match wins.
    public var routes: [Route] = []
    public var accessLog: AccessLog?
    public var tenants = Tenants()
    public var datasets: [Dataset] = []
    public var limits = Limits()
    public var outliers = Outliers()
    public var latency = LatencyRules()
    public var spill = SpillRules()
    public var drains = DrainRules()
    public var retries = RetryRules()
    public var events = Events()

    public init() {}

    public struct Edge: Equatable, Sendable {
        public var name = ""
        /// Name of a region in `regions`.
        public var region = ""
        public var exposesDecision = false
        public var graceMilliseconds: UInt64 = 30_000
        /// Threads of the data plane, 1–1,024; nil: as the command line says, else one a core.
        public var workers: Int?
        public init() {}
    }

    public struct Listener: Equatable, Sendable {
        public var name = ""
        public var address = Address.ip(.loopback, port: 0)
        /// Nil: plain text with prior knowledge (h2c).
        public var certificates: [Certificate]?
        /// PEM file of the authorities whose client certificates are verified; nil: none is asked for.
        public var clientAuthoritiesPath: String?
        /// A client without a certificate is turned away.
        public var requiresClientCertificate = false
        public var trust = Trust()
        public init() {}
    }

    public struct Certificate: Equatable, Sendable {
        public var certificatePath: String
        public var keyPath: String
        public init(certificatePath: String, keyPath: String) {
            (self.certificatePath, self.keyPath) = (certificatePath, keyPath)
        }
    }

    /// Which clients may set `x-region` and the tenant header, and have their forwarding headers believed.
    public struct Trust: Equatable, Sendable {
        public var xRegion = false
        public var tenant = false
        public var from: [AddressRange] = []
        public init() {}
    }

    public struct Admin: Equatable, Sendable {
        /// Any but loopback takes a certificate. Nil: no TCP listener.
        public var address: Address?
        /// At most `longestSocketPath` bytes.
        public var socketPath: String?
        /// Nil: plain text.
        public var certificate: Certificate?
        /// PEM file of those whose clients' certificates are believed. Nil: none is asked for.
        public var clientAuthoritiesPath: String?
        /// In the file's order; the first whose name a certificate has is the one.
        public var clients: [Client] = []
        /// Whether `/metrics` answers without a token.
        public var opensMetrics = false
        public init() {}

        /// Bytes: SwiftNIO binds paths of 103 at most, and the socket is made in a folder whose name takes eight.
        public static let longestSocketPath = 95

        /// Who may come with a certificate instead of a token.
        public struct Client: Equatable, Sendable {
            public enum Role: String, Equatable, Sendable, CaseIterable { case viewer, `operator`, admin }
            /// A DNS name or URI among the certificate's alternative names, or its common name.
            public var name = ""
            public var role = Role.viewer
            public init() {}
        }
    }

    public enum RegionMode: String, Equatable, Sendable, CaseIterable { case active, standby }

    public struct Region: Equatable, Sendable {
        public var name = ""
        public var jurisdiction = ""
        public var mode = RegionMode.active
        /// Authority of the region's own edge, for misroute redirects.
        public var edge: String?
        public var cells: [Cell] = []
        /// Where writes owned by this region go.
        public var replicationBackends: [Address] = []
        /// How those are spoken to and probed; the file's own where the region says nothing else.
        public var replicationUpstream = Upstream()
        public var replicationHealth = Health()
        public init() {}

        /// Of the cell that stands for `edge` where no cells are listed; no other cell has it.
        public var edgeCellName: String { "\(name)-edge" }
    }

    public struct Cell: Equatable, Sendable {
        public var name = ""
        /// Whole percent of the region's traffic; a region's sum to 100 (equal shares were filled in: of 3, 34 33 33).
        public var weightPercent = 0
        /// Requests a second the cell can carry, where known.
        public var capacity: Int?
        public var endpoints: [Address] = []
        /// A file with one address a line, watched; its addresses come after `endpoints`.
        public var endpointsPath: String?
        public var upstream = Upstream()
        public var health = Health()
        public init() {}
    }

    public enum UpstreamProtocol: String, Equatable, Sendable, CaseIterable { case h2c, h2 }

    public struct Upstream: Equatable, Sendable {
        public var `protocol` = UpstreamProtocol.h2c
        public var connectTimeoutMilliseconds: UInt64 = 1_000
        /// Until the response's head.
        public var responseTimeoutMilliseconds: UInt64 = 15_000
        /// An upstream connection without a stream is closed after this.
        public var idleTimeoutMilliseconds: UInt64 = 60_000
        /// h2 only: name sent as SNI and verified; nil: the endpoint's own host name or address.
        public var serverName: String?
        /// h2 only: PEM file of the authorities to trust; nil: the system's.
        public var authoritiesPath: String?
        /// Connections a worker may open to one endpoint.
        public var maxConnections = 64
        /// Requests that may wait for one endpoint in one worker.
        public var maxPending = 1_024
        /// Requests in flight to one endpoint from one worker.
        public var maxRequests = 4_096
        /// The longest a request waits for a stream.
        public var pendingTimeoutMilliseconds: UInt64 = 1_000
        /// The limit of requests in flight follows the endpoint's latency (a gradient), below `maxRequests`.
        public var adaptsConcurrency = false
        public init() {}
    }

    public enum ProbeKind: String, Equatable, Sendable, CaseIterable { case http, grpc, tcp }

    /// An operator's word on health, above every detector's.
    public enum HealthOverride: String, Equatable, Sendable, CaseIterable { case up, down }

    public struct Health: Equatable, Sendable {
        public var kind = ProbeKind.http
        /// gRPC only: the service asked about; empty: the server as a whole.
        public var grpcService = ""
        /// Nil: detectors judge.
        public var override: HealthOverride?
        public var path = "/healthz"
        /// Authority of the probe request; nil: the endpoint's address.
        public var authority: String?
        public var intervalMilliseconds: UInt64 = 1_000
        public var timeoutMilliseconds: UInt64 = 1_000
        /// Failures in a row that mark down.
        public var fall = 3
        /// Successes in a row that mark up.
        public var rise = 5
        public var expectedStatuses: [ClosedRange<Int>] = [200...299]
        /// Bytes the body must contain.
        public var bodyContains: String?
        public init() {}
    }

    public struct Sessions: Equatable, Sendable {
        public var idleMilliseconds: UInt64 = 1_800_000
        public var lifeMilliseconds: UInt64 = 86_400_000
        public var keyRotationMilliseconds: UInt64 = 86_400_000
        public var producerHeader = "x-producer-id"
        public init() {}
    }

    public enum Stickiness: String, Equatable, Sendable, CaseIterable { case producer, token, cookie }
    public enum OnXRegion: String, Equatable, Sendable, CaseIterable { case prefer, force }
    public enum RouteClass: String, Equatable, Sendable, CaseIterable { case read, write }
    public enum PanicMode: String, Equatable, Sendable, CaseIterable { case open, closed }

    public struct Route: Equatable, Sendable {
        public var name = ""
        public var match = Match()
        public var sticky: Stickiness?
        public var onXRegion = OnXRegion.prefer
        public var routeClass: RouteClass?
        /// Name of a dataset in `datasets`.
        public var dataset: String?
        public var maxLagMilliseconds: UInt64?
        public var isStrict = false
        public var readsLocal = false
        public var isIdempotent = false
        public var isStreaming = false
        /// Writes without an `idempotency-key` get one.
        public var addsIdempotencyKey = false
        /// Nil: the endpoint's response timeout alone.
        public var perTryTimeoutMilliseconds: UInt64?
        /// Nil: no hedging.
        public var hedgeAfterMilliseconds: UInt64?
        public var retryOn: [RetryCause] = RetryCause.allCases
        /// Retries of a safe request after a failure that may have reached a backend.
        public var retries = 1
        public var timeoutMilliseconds: UInt64 = 60_000
        public var panic = PanicMode.open
        public var hashByHeader: String?
        public var requestHeaders = HeaderChanges()
        public var responseHeaders = HeaderChanges()
        public init() {}
    }

    public struct Match: Equatable, Sendable {
        /// Lower case, without a port; `*.example.com` matches any one or more labels before the suffix.
        public var host: String?
        public var pathPrefix: String?
        /// Empty: any.
        public var methods: [String] = []
        /// All must be there with the value; an empty value means any.
        public var headers: [Header] = []
        public init() {}
    }

    public struct Header: Equatable, Sendable {
        public var name: String
        public var value: String
        public init(name: String, value: String) { (self.name, self.value) = (name, value) }
    }

    public struct HeaderChanges: Equatable, Sendable {
        public var add: [Header] = []
        public var remove: [String] = []
        public init() {}
    }

    public struct AccessLog: Equatable, Sendable {
        /// `-` is standard output.
        public var path = "-"
        /// 0–1: the share of requests logged; errors made by the edge always are.
        public var sample = 1.0
        public init() {}
    }

    public enum Misroute: String, Equatable, Sendable, CaseIterable { case forward, redirect, reject }

    public struct Tenants: Equatable, Sendable {
        public var header = "x-tenant-id"
        /// `*.example.com`: the label that stands for the star is the tenant; nil: hosts name none.
        public var host: String?
        /// The common name of a verified client certificate is the tenant.
        public var fromCertificate = false
        public var misroute = Misroute.forward
        public var pins: [Pin] = []
        public init() {}
    }

    public struct Pin: Equatable, Sendable {
        public var tenant: String
        /// Name of a region.
        public var home: String
        /// Jurisdictions the tenant's data may be in.
        public var residency: [String]
        public init(tenant: String, home: String, residency: [String]) {
            (self.tenant, self.home, self.residency) = (tenant, home, residency)
        }
    }

    public enum PositionSource: Equatable, Sendable {
        case prometheus(url: String, metric: String)
        case json(url: String, pointer: String)
        case header(url: String, name: String)
    }

    public struct Dataset: Equatable, Sendable {
        public var name = ""
        /// Nil with `mode: multi`: any region takes writes.
        public var owner: String?
        public var epoch: UInt64 = 1
        public var positions: [String: PositionSource] = [:]
        public var freshMilliseconds: UInt64 = 1_000
        public var nearMilliseconds: UInt64 = 5_000
        public var staleMilliseconds: UInt64 = 30_000
        public init() {}
    }
}
