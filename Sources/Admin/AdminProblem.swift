/// The body of every error: RFC 9457.
public struct AdminProblem: Codable, Equatable, Sendable {
    public var type: String
    public var title: String
    public var status: Int
    /// What is wrong with this request, and what would be right.
    public var detail: String
    /// Why, for programs.
    public var reason: String
    /// Names the request in the log.
    public var requestID: String

    private enum CodingKeys: String, CodingKey {
        case type, title, status, detail, reason
        case requestID = "requestId"
    }

    /// - Parameter title: of the status; RFC 9457 §4.2.1 asks for its phrase where the type is `about:blank`.
    public init(title: String, status: Int, detail: String, reason: String, requestID: String) {
        (type, self.title, self.status, self.detail) = ("about:blank", title, status, detail)
        (self.reason, self.requestID) = (reason, requestID)
    }
}
