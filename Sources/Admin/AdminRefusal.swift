import HTTPTypes

/// Why a call is not answered with what it asks for; `ProblemMiddleware` makes the problem of it.
struct AdminRefusal: Error, Equatable {
    var status: HTTPResponse.Status
    /// For programs: append, never rename.
    var reason: String
    /// One sentence: what is wrong, where, and what would be right.
    var detail: String
    var headers = HTTPFields()

    init(_ status: HTTPResponse.Status, _ reason: String, _ detail: String, headers: HTTPFields = [:]) {
        (self.status, self.reason, self.detail, self.headers) = (status, reason, detail, headers)
    }

    /// The request is wrong in itself.
    static func wrong(_ detail: String) -> AdminRefusal { AdminRefusal(.badRequest, "bad_request", detail) }

    static func missing(_ detail: String) -> AdminRefusal { AdminRefusal(.notFound, "not_found", detail) }

    static func tooMany(_ detail: String, seconds: UInt64) -> AdminRefusal {
        AdminRefusal(.tooManyRequests, "rate_limited", detail, headers: [.retryAfter: "\(seconds)"])
    }

    static func overloaded(_ detail: String) -> AdminRefusal {
        AdminRefusal(.serviceUnavailable, "overloaded", detail, headers: [.retryAfter: "1"])
    }

    /// What an error without a code of its own is called.
    static func reason(of status: HTTPResponse.Status) -> String {
        switch status.code {
        case 400: "bad_request"
        case 404: "not_found"
        case 405: "method_not_allowed"
        case 413: "body_too_large"
        case 415: "unsupported_media_type"
        case 503: "unavailable"
        default: "internal"
        }
    }
}
