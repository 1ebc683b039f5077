import HTTPTypes
import Testing

@testable import Admin

struct RequestOriginTests {
    static let origins: [(site: String?, origin: String?, isOwn: Bool)] = [
        (nil, nil, true), ("same-origin", "null", true), ("cross-site", nil, false), ("same-site", nil, false),
        ("none", nil, false), (nil, "https://edge.example:9443", true), (nil, "https://edge.example", false),
        (nil, "https://evil.example:9443", false), (nil, "null", true), ("same-origin", "https://evil.example", true),
    ]

    @Test("a browser's word about where a form comes from decides", arguments: origins)
    func origin(site: String?, origin: String?, isOwn: Bool) throws {
        var head = HTTPRequest(method: .post, scheme: "https", authority: "Edge.example:9443", path: "/login")
        head.headerFields[try #require(HTTPField.Name("sec-fetch-site"))] = site
        head.headerFields[.origin] = origin
        #expect(RequestOrigin.isOwn(head) == isOwn)
    }

    @Test(
        "names of other machines do not lead to the socket",
        arguments: [
            ("localhost", true), ("localhost:8080", true), ("a.localhost", true), ("127.0.0.1:80", true),
            ("[::1]:80", true), ("", true), ("evil.example", false), ("localhost.evil.example", false),
        ])
    func names(authority: String, isOurs: Bool) { #expect(RequestOrigin.namesThisMachine(authority) == isOurs) }
}
