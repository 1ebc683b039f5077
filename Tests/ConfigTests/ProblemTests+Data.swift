extension ProblemTests {
    /// `tenants:` and `datasets:`.
    static let data = #"""
        # a misspelt home
        tenants: {pins: {acme: {home: us-eats}}}
        > edge.yaml:1:31: error: tenants.pins.acme.home is "us-eats", which is no region here (did you mean
        >   "us-east"?)

        # a pin without a home
        tenants: {pins: {acme: {residency: [us]}}}
        > edge.yaml:1:24: error: tenants.pins.acme lacks "home" (a region: one of us-east)

        # a tenant's name with a comma
        tenants: {pins: {"a,b": {home: us-east}}}
        > edge.yaml:1:18: error: the name "a,b" is not allowed (1 to 128 visible ASCII characters without a comma,
        >   such as acme)

        # an unknown jurisdiction
        tenants: {pins: {acme: {home: us-east, residency: [us, uk]}}}
        > edge.yaml:1:56: error: tenants.pins.acme.residency[1] is "uk", which is no jurisdiction here (did you
        >   mean "us"?)

        # a residency that excludes the home
        regions:
          us-east: {jurisdiction: us, cells: {a: {endpoints: ["127.0.0.1:7101"]}}}
          eu-west: {jurisdiction: eu, cells: {b: {endpoints: ["127.0.0.1:7101"]}}}
        tenants: {pins: {acme: {home: us-east, residency: [eu]}}}
        > edge.yaml:4:51: error: tenants.pins.acme.residency keeps the tenant out of its home us-east, which lies
        >   in us (us among them, or another home)

        # pins twice
        tenants: {pins: {}, pins_file: /dev/null}
        > edge.yaml:1:32: error: tenants.pins_file is there beside pins (pins: or pins_file:)

        # a pins file that is not there
        tenants: {pins_file: /nowhere/tenants.csv}
        > edge.yaml:1:22: error: tenants.pins_file: /nowhere/tenants.csv cannot be read: there is no such file (a
        >   readable file)

        # an unknown misroute
        tenants: {misroute: bounce}
        > edge.yaml:1:21: error: tenants.misroute is "bounce" (forward, redirect or reject)

        # a tenant header of the protocol
        tenants: {header: host}
        > edge.yaml:1:19: error: tenants.header is "host", which Portolan or the protocol gives its own meaning
        >   (another header, such as x-user-id)

        # a dataset without an owner
        datasets: {orders: {}}
        > edge.yaml:1:20: error: datasets.orders lacks "owner" (owner: and a region, or mode: multi where every
        >   region takes writes)

        # an unknown owner
        datasets: {orders: {owner: us-wset}}
        > edge.yaml:1:28: error: datasets.orders.owner is "us-wset", which is no region here (one of us-east)

        # an owner with nothing to take writes
        datasets: {orders: {owner: us-east}}
        > edge.yaml:1:28: error: datasets.orders.owner is us-east, which has nothing to take writes
        >   (regions.us-east.replication: {backend: [ADDRESS]})

        # an owner beside many
        regions:
          us-east: {jurisdiction: us, edge: a.example, cells: {a: {endpoints: ["127.0.0.1:7101"]}}}
        datasets: {orders: {owner: us-east, mode: multi}}
        > edge.yaml:3:43: error: datasets.orders.mode is there beside an owner (owner: or mode: multi)

        # an epoch without an owner
        datasets: {orders: {mode: multi, epoch: 2}}
        > edge.yaml:1:41: error: datasets.orders.epoch is there without an owner (no epoch with mode: multi)

        # an epoch of nothing
        regions:
          us-east: {jurisdiction: us, edge: a.example, cells: {a: {endpoints: ["127.0.0.1:7101"]}}}
        datasets: {orders: {owner: us-east, epoch: 0}}
        > edge.yaml:3:44: error: datasets.orders.epoch is "0" (a whole number from 1 to 9223372036854775807)

        # tiers out of order
        datasets: {orders: {mode: multi, tiers: {fresh: 10s}}}
        > edge.yaml:1:41: error: datasets.orders.tiers are fresh 10s, near 5s, stale 30s (fresh below near below
        >   stale)

        # positions of an unknown region
        datasets: {orders: {mode: multi, positions: {us-eas: {json: "http://a/", pointer: /a}}}}
        > edge.yaml:1:46: error: datasets.orders.positions: "us-eas", which is no region here (did you mean
        >   "us-east"?)

        # positions without the owner's
        regions:
          us-east: {jurisdiction: us, edge: a.example, cells: {a: {endpoints: ["127.0.0.1:7101"]}}}
          eu-west: {jurisdiction: eu, cells: {b: {endpoints: ["127.0.0.1:7101"]}}}
        datasets: {orders: {owner: us-east, positions: {eu-west: {json: "http://a/", pointer: /a}}}}
        > edge.yaml:4:48: error: datasets.orders.positions lack the owner us-east, against whom the others are
        >   measured (us-east too)

        # a position without a source
        datasets: {orders: {mode: multi, positions: {us-east: {}}}}
        > edge.yaml:1:55: error: datasets.orders.positions.us-east names no source ({prometheus: URL, metric:
        >   NAME}, {json: URL, pointer: /a/b} or {header: URL, name: HEADER})

        # a position with two sources
        datasets: {orders: {mode: multi, positions: {us-east: {json: "http://a/", header: "http://b/"}}}}
        > edge.yaml:1:55: error: datasets.orders.positions.us-east names 2 sources ({prometheus: URL, metric:
        >   NAME}, {json: URL, pointer: /a/b} or {header: URL, name: HEADER})

        # a position without its metric
        datasets: {orders: {mode: multi, positions: {us-east: {prometheus: "http://a/"}}}}
        > edge.yaml:1:55: error: datasets.orders.positions.us-east lacks "metric" (a metric's name such as
        >   pg_current_wal_lsn)

        # a position with another source's detail
        datasets: {orders: {mode: multi, positions: {us-east: {json: "ftp://a/", pointer: a, metric: b}}}}
        > edge.yaml:1:62: error: datasets.orders.positions.us-east.json is "ftp://a/" (a URL such as
        >   http://127.0.0.1:9187/metrics)
        > edge.yaml:1:83: error: datasets.orders.positions.us-east.pointer is "a" (a JSON pointer such as
        >   /replication/offset)
        > edge.yaml:1:94: error: datasets.orders.positions.us-east.metric does not belong to json (pointer:)
        """#
}
