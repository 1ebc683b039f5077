import ControlPlane
import Foundation
import Hummingbird
import NIOCore

/// What a route knows of a request besides the request itself.
struct AdminContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Who asks, once `AuthorizationMiddleware` has looked; nil: nobody that is known here.
    var caller: Caller?
    /// What became of looking.
    var login = Login.nobody
    /// Address of the client without its port, or `unix`.
    var from: String
    /// The connection, for its certificate.
    let channel: any Channel
    /// Names the request in its answer and in the log.
    let requestID: String

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        from = source.channel.remoteAddress?.ipAddress ?? "unix"
        requestID = String(UInt64.random(in: 1 << 60 ... .max), radix: 16)
    }

    /// A part of the path as its sender meant it: the router leaves escapes as they are.
    func name(_ parameter: String) -> String {
        let text = parameters.get(parameter) ?? ""
        return text.removingPercentEncoding ?? text
    }
}
