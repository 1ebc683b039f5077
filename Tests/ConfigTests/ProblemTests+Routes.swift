extension ProblemTests {
    /// `routes:`, matches, datasets of routes.
    static let routes = #"""
        # a route without a match
        routes: [{name: default}]
        > edge.yaml:1:10: error: routes[0] lacks "match" (a mapping; {} takes every request)

        # a route without a name
        routes: [{match: {}}]
        > edge.yaml:1:10: error: routes[0] lacks "name" (1 to 63 of a-z, 0-9, - and _, beginning with a letter or
        >   digit, such as orders)

        # two routes of one name
        routes:
          - {name: a, match: {path_prefix: /a}}
          - {name: a, match: {}}
        > edge.yaml:3:12: error: the route "a" is there already, in line 2 (a name of its own for each route)

        # a route behind one that takes everything
        routes:
          - {name: all, match: {}}
          - {name: orders, match: {path_prefix: /orders}}
        > edge.yaml:3:5: error: routes[1] is never reached: all, which stands before it, takes all of its requests
        >   (the narrower route first)

        # a route behind a wider one
        routes:
          - {name: wide, match: {path_prefix: /a, methods: [GET, PUT]}}
          - {name: narrow, match: {path_prefix: /a/b, methods: [GET], host: a.example}}
          - {name: default, match: {}}
        > edge.yaml:3:5: error: routes[1] is never reached: wide, which stands before it, takes all of its
        >   requests (the narrower route first)

        # no route for the rest
        routes: [{name: orders, match: {path_prefix: /orders}}]
        > edge.yaml:1:9: warning: routes leave some requests without a route, which get 404 (a last route with
        >   match: {})

        # a misspelt key of a route
        routes: [{name: default, match: {}, panick: open}]
        > edge.yaml:1:37: error: unknown key "panick" in routes[0] (did you mean "panic"?)

        # a misspelt key of a match
        routes: [{name: a, match: {path: /a}}, {name: default, match: {}}]
        > edge.yaml:1:28: error: unknown key "path" in routes[0].match (known here: host, path_prefix, methods,
        >   headers)

        # a prefix without a slash
        routes: [{name: a, match: {path_prefix: orders}}]
        > edge.yaml:1:41: error: routes[0].match.path_prefix is "orders" (a path that begins with /, without
        >   spaces, ? and #, such as /orders)

        # a host with a port
        routes: [{name: a, match: {host: "a.example:443"}}, {name: b, match: {}}]
        > edge.yaml:1:34: error: routes[0].match.host is "a.example:443", which has a port (a host without a port,
        >   such as api.example.com or *.example.com)

        # a star inside a host
        routes: [{name: a, match: {host: "a.*.example"}}]
        > edge.yaml:1:34: error: routes[0].match.host is "a.*.example" (a host without a port, such as
        >   api.example.com or *.example.com)

        # a method in small letters
        routes: [{name: a, match: {methods: [get]}}, {name: b, match: {}}]
        > edge.yaml:1:38: error: routes[0].match.methods[0] is "get" (GET, methods are in capitals)

        # a method that is no token
        routes: [{name: a, match: {methods: ["GE T"]}}, {name: b, match: {}}]
        > edge.yaml:1:38: error: routes[0].match.methods[0] is "GE T" (a method in capitals such as GET)

        # a method twice
        routes: [{name: a, match: {methods: [GET, GET]}}, {name: b, match: {}}]
        > edge.yaml:1:43: error: routes[0].match.methods[1] repeats an earlier one (each once)

        # a pseudo-header in a match
        routes: [{name: a, match: {headers: {":path": x}}}]
        > edge.yaml:1:38: error: routes[0].match.headers: ":path", which is a pseudo-header (an ordinary header's
        >   name)

        # a header twice in a match
        routes: [{name: a, match: {headers: {x-a: 1, X-A: 2}}}, {name: b, match: {}}]
        > edge.yaml:1:46: error: the header "x-a" is there already, in line 1 (a name of its own for each header)

        # too many retries
        routes: [{name: default, match: {}, retries: 4}]
        > edge.yaml:1:46: error: routes[0].retries is "4" (a whole number from 0 to 3)

        # a timeout of nothing
        routes: [{name: default, match: {}, timeout: 0s}]
        > edge.yaml:1:46: error: routes[0].timeout is "0s" (a duration from 10ms to 24h, such as 30s)

        # an unknown stickiness
        routes: [{name: default, match: {}, sticky: session}]
        > edge.yaml:1:45: error: routes[0].sticky is "session" (producer, token or cookie)

        # an unknown answer to x-region
        routes: [{name: default, match: {}, on_x_region: maybe}]
        > edge.yaml:1:50: error: routes[0].on_x_region is "maybe" (prefer or force)

        # an unknown class
        routes: [{name: default, match: {}, class: reads}]
        > edge.yaml:1:44: error: routes[0].class is "reads" (read or write)

        # a misspelt dataset
        routes: [{name: default, match: {}, dataset: ordres}]
        datasets: {orders: {mode: multi}}
        > edge.yaml:1:46: error: routes[0].dataset is "ordres", which is no dataset here (did you mean "orders"?)

        # a dataset where there are none
        routes: [{name: default, match: {}, dataset: orders}]
        > edge.yaml:1:46: error: routes[0].dataset is "orders", which is no dataset here (none are configured)

        # a write route without a dataset
        routes: [{name: default, match: {}, class: write}]
        > edge.yaml:1:44: error: routes[0].class is write on a route without a dataset (dataset: and its name)

        # a lag limit without a dataset
        routes: [{name: default, match: {}, max_lag: 5s, strict: true}]
        > edge.yaml:1:46: error: routes[0].max_lag is there without a dataset (dataset: and its name, or no
        >   max_lag)
        > edge.yaml:1:58: error: routes[0].strict is there without a dataset (dataset: and its name, or no strict)
        """#
}
