extension ProblemTests {
    /// `outliers:`, `latency:`, `spill:`, `drains:`, `retries:`, and the keys that came with them.
    static let rules = #"""
        # a misspelt rule
        outliers: {max_ejektion: 1m}
        > edge.yaml:1:12: error: unknown key "max_ejektion" in outliers (did you mean "max_ejection"?)

        # a first ejection beyond the longest
        outliers: {ejection: 10m}
        > edge.yaml:1:22: error: outliers.ejection makes ejection 10m exceed max_ejection 5m (ejection of at most
        >   max_ejection)

        # a longest ejection below the first
        outliers: {max_ejection: 10s}
        > edge.yaml:1:26: error: outliers.max_ejection makes ejection 30s exceed max_ejection 10s (ejection of at
        >   most max_ejection)

        # a factor that everybody exceeds
        outliers: {slow_factor: 1, min_requests: 0, enabled: yes}
        > edge.yaml:1:25: error: outliers.slow_factor is 1, which nearly every endpoint exceeds at times (at least
        >   2, or 0 for never)
        > edge.yaml:1:42: error: outliers.min_requests is "0" (a whole number from 1 to 1000000)
        > edge.yaml:1:54: error: outliers.enabled is "yes" (true or false)

        # a window beyond its range
        latency: {window: 1h, band_percent: 15%}
        > edge.yaml:1:19: error: latency.window is "1h" (a duration from 1s to 10m, such as 30s)
        > edge.yaml:1:37: error: latency.band_percent is "15%" (a whole percent from 0 to 1000)

        # a share that keeps less than is healthy
        spill: {overprovisioning_percent: 90, healthy_percent: 0}
        > edge.yaml:1:35: error: spill.overprovisioning_percent is "90" (a whole percent from 100 to 1000)
        > edge.yaml:1:56: error: spill.healthy_percent is "0" (a whole percent from 1 to 100)

        # streams reset before sessions have moved
        drains: {over: 2m}
        > edge.yaml:1:9: error: drains reset streams after 3m, while over and sessions make 210s (a deadline of at
        >   least 210s)

        # a drain that expires before its deadline
        drains: {expiry: 2m}
        > edge.yaml:1:18: error: drains.expiry makes deadline 3m exceed expiry 2m (deadline of at most expiry)

        # steps that fall
        drains: {undrain_steps: [1, 25, 5, 100]}
        > edge.yaml:1:25: error: drains.undrain_steps are 1, 25, 5, 100 (rising percents up to 100)

        # steps that stop short
        drains: {undrain_steps: [1, 50]}
        > edge.yaml:1:25: error: drains.undrain_steps are 1, 50 (rising percents up to 100)

        # a budget beyond everything
        retries: {budget_percent: 120}
        > edge.yaml:1:27: error: retries.budget_percent is "120" (a whole percent from 0 to 100)

        # a try longer than the request
        routes: [{name: default, match: {}, timeout: 1s, per_try_timeout: 2s}]
        > edge.yaml:1:67: error: routes[0].per_try_timeout is longer than the timeout of 1s (at most 1s)

        # a hedge after the request's end
        routes: [{name: default, match: {}, timeout: 1s, hedge_after: 1s}]
        > edge.yaml:1:63: error: routes[0].hedge_after is not below the timeout of 1s (less than 1s)

        # a hedge after the try's end
        routes: [{name: default, match: {}, per_try_timeout: 100ms, hedge_after: 200ms}]
        > edge.yaml:1:74: error: routes[0].hedge_after is not below the per_try_timeout of 100ms (less than 100ms)

        # a hedge for writes
        routes: [{name: default, match: {}, class: write, dataset: a, hedge_after: 200ms}]
        datasets: {a: {mode: multi}}
        > edge.yaml:1:76: error: routes[0].hedge_after is there on a route of writes, which are sent once (no
        >   hedge_after)

        # an unknown cause of a retry
        routes: [{name: default, match: {}, retry_on: [reset, 500]}]
        > edge.yaml:1:55: error: routes[0].retry_on[1] is "500" (reset, 502, 503, 504 or per_try_timeout)

        # a cause of a retry twice
        routes: [{name: default, match: {}, retry_on: ["503", 503]}]
        > edge.yaml:1:55: error: routes[0].retry_on[1] repeats an earlier one (each once)

        # an idempotency key without a dataset
        routes: [{name: default, match: {}, idempotency_key: add}]
        > edge.yaml:1:54: error: routes[0].idempotency_key is there without a dataset (dataset: and its name, or
        >   no idempotency_key)

        # an idempotency key that is something else
        routes: [{name: default, match: {}, dataset: a, idempotency_key: require}]
        datasets: {a: {mode: multi}}
        > edge.yaml:1:66: error: routes[0].idempotency_key is "require" (add)

        # an unknown kind of probe
        health: {kind: icmp}
        > edge.yaml:1:16: error: health.kind is "icmp" (http, grpc or tcp)

        # a page for a probe that asks for none
        health: {kind: tcp, path: /healthz, expect: [200], authority: a.example, body_contains: ok}
        > edge.yaml:1:27: error: health.path is there with kind: tcp (kind: http, or no path)
        > edge.yaml:1:45: error: health.expect is there with kind: tcp (kind: http, or no expect)
        > edge.yaml:1:63: error: health.authority is there with kind: tcp (kind: http or kind: grpc, or no
        >   authority)
        > edge.yaml:1:89: error: health.body_contains is there with kind: tcp (kind: http, or no body_contains)

        # a service for a probe of a page
        health: {service: orders.v1.Orders}
        > edge.yaml:1:19: error: health.service is there with kind: http (kind: grpc, or no service)

        # a service that is none
        health: {kind: grpc, service: "orders/v1", override: off}
        > edge.yaml:1:31: error: health.service is "orders/v1" (a service's full name such as orders.v1.Orders, of
        >   at most 256 letters, digits, _ and .)
        > edge.yaml:1:54: error: health.override is "off" (up or down)

        # a cell whose probes ask for another thing
        health: {kind: grpc}
        regions:
          us-east: {jurisdiction: us, cells: {a: {endpoints: ["10.0.0.1:80"], health: {path: /ok}}}}
        > edge.yaml:3:86: error: regions.us-east.cells.a.health.path is there with kind: grpc (kind: http, or no
        >   path)

        # adaptive concurrency that is no flag
        upstream: {adaptive_concurrency: gradient}
        > edge.yaml:1:34: error: upstream.adaptive_concurrency is "gradient" (true or false)

        # endpoints nowhere
        regions: {us-east: {jurisdiction: us, cells: {a: {weight: 100}}}}
        > edge.yaml:1:50: error: regions.us-east.cells.a lacks "endpoints" (a list of addresses, or
        >   endpoints_file: and a path)

        # a replication backend on a socket
        regions:
          us-east:
            jurisdiction: us
            cells: {a: {endpoints: ["10.0.0.1:80"]}}
            replication: {backend: ["unix:r.sock"], upstream: {protocol: h2}, health: {fall: 0}}
        > edge.yaml:5:28: error: regions.us-east.replication.backend has a Unix socket, whose certificate would be
        >   for no known name (upstream: {server_name: NAME}, or protocol: h2c)
        > edge.yaml:5:86: error: regions.us-east.replication.health.fall is "0" (a whole number from 1 to 10)

        # client certificates without an authority
        listeners:
          - name: public
            address: "127.0.0.1:8443"
            tls: {certificates: [{certificate: a, key: b}], clients: {required: true}}
        > edge.yaml:4:62: error: listeners[0].tls.clients lacks "authorities" (a path, relative to this file's
        >   folder or absolute)

        # tenants known by certificates that nobody asks for
        tenants: {certificate: common_name}
        > edge.yaml:1:24: error: tenants.certificate is there, but no listener asks clients for one
        >   (listeners[].tls.clients: {authorities: PATH})

        # tenants known by another part of a certificate
        tenants: {certificate: subject}
        > edge.yaml:1:24: error: tenants.certificate is "subject" (common_name)

        # tenants known by a host without a star
        tenants: {host: api.example.com}
        > edge.yaml:1:17: error: tenants.host is "api.example.com" (*. and a host without a port, such as
        >   *.example.com)

        # a home with nothing to take its tenant's writes
        regions:
          us-east: {jurisdiction: us, edge: a.example, cells: {a: {endpoints: ["10.0.0.1:80"]}}}
          eu-west: {jurisdiction: eu, cells: {b: {endpoints: ["10.0.0.1:80"]}}}
        datasets: {orders: {owner: us-east}}
        routes: [{name: orders, match: {}, dataset: orders}]
        tenants: {pins: {acme: {home: eu-west}, globex: {home: eu-west}}}
        > edge.yaml:6:10: error: tenants make eu-west the home of acme, which has nothing to take the writes of
        >   route orders (regions.eu-west.replication: {backend: [ADDRESS]})

        # a redirect to nowhere
        regions:
          us-east: {jurisdiction: us, cells: {a: {endpoints: ["10.0.0.1:80"]}}}
          eu-west: {jurisdiction: eu, cells: {b: {endpoints: ["10.0.0.1:80"]}}}
        tenants: {misroute: redirect, pins: {acme: {home: us-east}, globex: {home: eu-west}}}
        > edge.yaml:4:21: error: tenants.misroute is redirect, but eu-west, the home of globex, has no edge
        >   (regions.eu-west.edge: HOST:PORT, or forward)
        """#
}
