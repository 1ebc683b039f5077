import Model
import Policy
import Support
import Testing

struct RouteStageTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var route: SnapshotFixture.Route
        var method = Method.get
        var host: StaticString = "example.com"
        var path: StaticString = "/"
        var headers: [(StaticString, StaticString)] = []
        var matches: Bool
        var testDescription: String { "\(route.host)\(route.path) <- \(method) \(host)\(path) \(matches)" }
    }

    static func path(_ prefix: String, _ path: StaticString, _ matches: Bool) -> Row {
        Row(route: .route("r", path: prefix), path: path, matches: matches)
    }

    static func host(_ name: String, _ host: StaticString, _ matches: Bool) -> Row {
        Row(route: .route("r", host: name), host: host, matches: matches)
    }

    static func methods(_ methods: [Method], _ method: Method, _ matches: Bool) -> Row {
        Row(route: .route("r", methods: methods), method: method, matches: matches)
    }

    static func header(_ value: String, _ headers: [(StaticString, StaticString)], _ matches: Bool) -> Row {
        Row(route: .route("r", headers: [("x-beta", value)]), headers: headers, matches: matches)
    }

    static let paths = [
        path("/orders", "/orders", true), path("/orders", "/orders/1", true), path("/orders", "/orders?x=1", true),
        path("/orders", "/ordersX", false), path("/orders", "/order", false), path("/orders", "/Orders", false),
        path("/orders", "/a/orders", false), path("/orders", "*", false), path("/orders", "", false),
        path("/orders/", "/orders/1", true), path("/orders/", "/orders/", true), path("/orders/", "/orders", false),
        path("/", "/", true), path("/", "/anything", true), path("/", "*", false), path("", "*", true),
    ]
    static let hosts = [
        host("api.example.com", "api.example.com", true), host("api.example.com", "API.Example.COM", true),
        host("api.example.com", "api.example.com:8443", true), host("api.example.com", "api.example.com.", true),
        host("api.example.com", "api.example.com.:443", true), host("api.example.com", "xapi.example.com", false),
        host("api.example.com", "", false), host("api.example.com", ":443", false), host("10.0.0.1", "10.0.0.1", true),
        host("10.0.0.1", "10.0.0.1:80", true), host("[::1]", "[::1]:8443", true), host("[::1]", "[::1]", true),
        host("*.example.com", "a.example.com", true), host("*.example.com", "a.b.EXAMPLE.com:1", true),
        host("*.example.com", "example.com", false), host("*.example.com", ".example.com", false),
        host("*.example.com", "badexample.com", false), host("", "whatever", true),
    ]
    static let others = [
        methods([.get, .head], .get, true), methods([.get, .head], .post, false), methods([], .other, true),
        methods([.other], .other, true), methods([.other], .get, false),
        header("1", [("x-beta", "1")], true), header("1", [("x-beta", "2")], false), header("1", [], false),
        header("1", [("x-beta", "2"), ("x-beta", "1")], true), header("", [("x-beta", "any")], true),
        header("", [("x-beta", "")], true), header("", [("x-betas", "1")], false),
    ]

    @Test(arguments: paths + hosts + others)
    func matches(_ row: Row) {
        let ask = Ask(SnapshotFixture(local: "us", [.region("us", [.cell("a", [.up])])], routes: [row.route]))
        let decision = ask(row.method, row.path, host: row.host, headers: row.headers)
        #expect(decision.isRefused != row.matches)
        #expect(decision.route == (row.matches ? RouteID(rawValue: 0) : .none))
        if !row.matches { #expect(decision.status == 404 && decision.reason == .noRoute) }
    }

    @Test("the first match wins, and all of a route's conditions must hold")
    func firstMatch() {
        let routes: [SnapshotFixture.Route] = [
            .route("write", path: "/orders", methods: [.post]), .route("read", path: "/orders"),
            .route("beta", headers: [("a", "1"), ("b", "")]), .route("rest"),
        ]
        let ask = Ask(SnapshotFixture(local: "us", [.region("us", [.cell("a", [.up])])], routes: routes))
        #expect(ask(.post, "/orders/1").route.rawValue == 0)
        #expect(ask(.get, "/orders/1").route.rawValue == 1)
        #expect(ask(.post, "/other", headers: [("b", "x"), ("a", "1")]).route.rawValue == 2)
        #expect(ask(.post, "/other", headers: [("b", "x")]).route.rawValue == 3)
    }
}
