/// What moves traffic (routing.md, Events). The names are fixed: dashboards and scripts match on them. Kinds of later
/// features come with those.
public enum EventKind: String, Sendable, CaseIterable {
    case regionFallback = "REGION_FALLBACK"
    case cellDown = "CELL_DOWN"
    case cellUp = "CELL_UP"
    case regionUnfit = "REGION_UNFIT"
    case regionFit = "REGION_FIT"
    case endpointEjected = "ENDPOINT_EJECTED"
    case endpointReturned = "ENDPOINT_RETURNED"
    case configApplied = "CONFIG_APPLIED"
    case configRejected = "CONFIG_REJECTED"
    case drainStarted = "DRAIN_STARTED"
    case drainEmptied = "DRAIN_EMPTIED"
    case drainDeadline = "DRAIN_DEADLINE"
    case drainUndraining = "DRAIN_UNDRAINING"
    case drainHeld = "DRAIN_HELD"
    case drainEnded = "DRAIN_ENDED"
    case drainExpired = "DRAIN_EXPIRED"
    case weightChanged = "WEIGHT_CHANGED"
    case sessionsMigrated = "SESSIONS_MIGRATED"
    case misroute = "MISROUTE"
    case ownerChanged = "OWNER_CHANGED"
    case residencyDenied = "RESIDENCY_DENIED"
    case endpointsChanged = "ENDPOINTS_CHANGED"
    case discoveryFailed = "DISCOVERY_FAILED"
    case discoveryRecovered = "DISCOVERY_RECOVERED"
    case panicBegan = "PANIC_BEGAN"
    case panicEnded = "PANIC_ENDED"
    case webhookAbandoned = "WEBHOOK_ABANDONED"
    case webhookStopped = "WEBHOOK_STOPPED"

    /// Of any name, this version's or another's.
    public static func isAboutWebhooks(_ name: String) -> Bool { name.hasPrefix("WEBHOOK_") }
}
