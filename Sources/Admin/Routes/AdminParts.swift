import ControlPlane
import Logging

/// What the routes of all listeners share.
struct AdminParts: Sendable {
    let service: any AdminService
    let doorkeeper: Doorkeeper
    let limits: TrafficLimits
    let pending = PendingKeys()
    let shared = SharedReplies()
    let clock: ControlClock
    /// For mistakes of our own.
    let logger: Logger

    func change(_ operation: AdminOperation, _ caller: Caller, detail: String, ifMatch: UInt64? = nil) -> ChangeContext
    {
        ChangeContext(caller: caller, action: operation.action ?? operation.id, detail: detail, ifMatch: ifMatch)
    }
}
