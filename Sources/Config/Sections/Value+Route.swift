import Model

extension Value {
    /// `routes:` — first match wins, so one that an earlier one covers is a mistake.
    func routes(_ datasets: KnownNames) -> [Configuration.Route] {
        guard let items = items(right: "a list of at least one route, or no routes: for one that takes everything")
        else { return [] }
        var names = Names()
        let before = reading.problems.count
        let routes = items.map { $0.route(datasets, &names) }
        if reading.problems.count == before { checkReach(of: routes, items) }  // what is half read covers too much
        return routes
    }

    private func checkReach(of routes: [Configuration.Route], _ items: [Value]) {
        for (index, route) in routes.enumerated() {
            guard let earlier = routes[..<index].first(where: { $0.match.covers(route.match) }) else { continue }
            items[index].report(
                "is never reached: \(earlier.name), which stands before it, takes all of its requests",
                right: "the narrower route first")
        }
        if routes.contains(where: { $0.match == Configuration.Match() }) { return }
        report(
            "leave some requests without a route, which get 404", right: "a last route with match: {}",
            severity: .warning)
    }

    private func route(_ datasets: KnownNames, _ names: inout Names) -> Configuration.Route {
        var route = Configuration.Route()
        section { section in
            section.require("name", .name("orders"), into: &route.name)
            if let name = section["name"], !route.name.isEmpty {
                names.take(route.name, "route", at: name.place, reading)
            }
            if let match = section.required("match", right: "a mapping; {} takes every request") {
                route.match = match.match()
            }
            section.readPolicy(datasets, into: &route)
            section.readTimes(into: &route)
            section["hash_by"]?.section { hash in
                var header = ""
                hash.require("header", .keyHeader, into: &header)
                if !header.isEmpty { route.hashByHeader = header }
            }
            section["headers"]?.section { headers in
                if let request = headers["request"] { route.requestHeaders = request.headerChanges() }
                if let response = headers["response"] { route.responseHeaders = response.headerChanges() }
            }
        }
        return route
    }
}

extension Section {
    /// What decides where a request of the route may go.
    fileprivate func readPolicy(_ datasets: KnownNames, into route: inout Configuration.Route) {
        read("sticky", .choice, into: &route.sticky)
        read("on_x_region", .choice, into: &route.onXRegion)
        read("class", .choice, into: &route.routeClass)
        read("dataset", .known(datasets), into: &route.dataset)
        read("max_lag", .duration(100...day), into: &route.maxLagMilliseconds)
        read("strict", .flag, into: &route.isStrict)
        read("read_local", .flag, into: &route.readsLocal)
        read("idempotent", .flag, into: &route.isIdempotent)
        read("panic", .choice, into: &route.panic)
        read("idempotency_key", Kind("add", orNil: { $0 == "add" ? true : nil }), into: &route.addsIdempotencyKey)
        if has("dataset") { return }
        if route.routeClass == .write {
            self["class"]?.report("is write on a route without a dataset", right: "dataset: and its name")
        }
        for key in ["max_lag", "strict", "idempotency_key"] {
            self[key]?.report("is there without a dataset", right: "dataset: and its name, or no \(key)")
        }
    }

    /// How long a request may take, and when it is sent a second time.
    fileprivate func readTimes(into route: inout Configuration.Route) {
        read("streaming", .flag, into: &route.isStreaming)
        read("retries", .count(0...3), into: &route.retries)
        readList("retry_on", .retryCause, into: &route.retryOn)
        read("timeout", .duration(10...day), into: &route.timeoutMilliseconds)
        read("per_try_timeout", .duration(10...day), into: &route.perTryTimeoutMilliseconds)
        read("hedge_after", .duration(1...minute), into: &route.hedgeAfterMilliseconds)
        if !route.isStreaming {
            check("per_try_timeout", route.perTryTimeoutMilliseconds, within: "timeout", route.timeoutMilliseconds)
        }
        let end = [("per_try_timeout", route.perTryTimeoutMilliseconds), ("timeout", route.timeoutMilliseconds)]
        for (key, most) in end where key != "timeout" || !route.isStreaming && route.perTryTimeoutMilliseconds == nil {
            guard let most else { continue }
            check("hedge_after", route.hedgeAfterMilliseconds.map { $0 + 1 }, within: key, most, isBelow: true)
        }
        guard route.routeClass == .write else { return }
        self["hedge_after"]?.report("is there on a route of writes, which are sent once", right: "no hedge_after")
    }

    private func check(_ key: String, _ time: UInt64?, within other: String, _ most: UInt64, isBelow: Bool = false) {
        guard let time, time > most else { return }
        let limit = Units.duration(most)
        self[key]?.report(
            isBelow ? "is not below the \(other) of \(limit)" : "is longer than the \(other) of \(limit)",
            right: isBelow ? "less than \(limit)" : "at most \(limit)")
    }
}

extension Kind where T == RetryCause {
    /// A failure as the file names it: statuses by their numbers.
    fileprivate static var retryCause: Kind {
        let known = RetryCause.allCases.map(\.word)
        return Kind(known.dropLast().joined(separator: ", ") + " or " + (known.last ?? "")) { text in
            RetryCause.allCases.first { $0.word == text }.map { .value($0) } ?? .wrong()
        }
    }
}

extension RetryCause {
    /// As the file says it.
    var word: String {
        switch self {
        case .reset: "reset"
        case .badGateway: "502"
        case .unavailable: "503"
        case .gatewayTimeout: "504"
        case .perTryTimeout: "per_try_timeout"
        }
    }
}
