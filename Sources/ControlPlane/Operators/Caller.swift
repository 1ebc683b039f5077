/// Who asks something of the admin API.
public struct Caller: Equatable, Sendable {
    /// Of the token or the certificate; `admin socket` for whoever may open the Unix socket; a signal's.
    public var name: String
    public var role: Role
    /// Address of the client, `unix`, or `signal`.
    public var from: String
    public init(name: String, role: Role, from: String) { (self.name, self.role, self.from) = (name, role, from) }

    public static let socket = Caller(name: "admin socket", role: .admin, from: "unix")
}
