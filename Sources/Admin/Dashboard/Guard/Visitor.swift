import ControlPlane

/// Who looks at the dashboard, and by what its forms know them again.
struct Visitor: Equatable, Sendable {
    var caller: Caller
    /// Stands in every form: no other site can know it.
    var formToken: String
    /// By a token at `/login`; else by the Unix socket or a certificate, which cannot be signed out.
    var isSignedIn: Bool

    /// Signing in would make a difference: on the socket there is nothing to gain.
    var maySignIn: Bool { !isSignedIn && caller != .socket }
    var mayOperate: Bool { caller.role >= .operator }
}
