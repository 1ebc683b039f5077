import ControlPlane
import DataPlane
import Foundation
import Logging
import Model
import Policy
import Probes

extension EdgeRuntime {
    /// Cores that this process may use.
    static var coreCount: Int { min(max(1, ProcessInfo.processInfo.activeProcessorCount), 1_024) }

    /// JSON lines on standard error.
    static func makeLogger() -> Logger { Logger(label: "portolan") { _ in JSONLogHandler() } }

    /// For libraries that tell of their own doings.
    static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }

    static func names(_ snapshot: Snapshot, _ edge: Edge) -> LogNames {
        LogNames(snapshot: snapshot, listeners: edge.listenerNames)
    }
}

extension ProbeResult {
    init(_ outcome: ProbeOutcome) {
        self.init(
            id: outcome.id, succeeded: outcome.succeeded, detail: outcome.detail,
            roundTripNanoseconds: outcome.roundTripNanoseconds)
    }
}

extension ProbeTarget {
    init(_ request: ProbeRequest) {
        self.init(
            endpoint: request.endpoint, address: request.target.address, upstream: request.target.settings,
            health: request.health, serverName: request.target.serverName)
    }
}
