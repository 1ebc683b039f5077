/// The body of every error: RFC 9457.
public struct AdminProblem: Codable, Equatable, Sendable {
    public var type: String
    public var title: String
    public var status: Int
    /// What is wrong with this request, and what would be right.
    public var detail: String
    /// Of a command that was refused: why, for programs; absent in other errors.
    public var code: String?

    /// - Parameter title: of the status; RFC 9457 §4.2.1 asks for its phrase where the type is `about:blank`.
    public init(title: String, status: Int, detail: String, code: String? = nil) {
        (type, self.title, self.status, self.detail) = ("about:blank", title, status, detail)
        self.code = code
    }
}
