import ControlPlane
import Hummingbird
import NIOCore

/// What a route knows of a request besides the request itself.
struct AdminContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Who asks, once `AuthorizationMiddleware` has looked; nil: nobody that is known here.
    var caller: Caller?
    /// Address of the client without its port, or `unix`.
    var from: String
    /// The connection, for its certificate.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        from = source.channel.remoteAddress?.ipAddress ?? "unix"
    }

    /// Names the request in its answer and in the log.
    var requestID: String { id }
}
