extension ProblemTests {
    /// `regions:`, cells, weights, `upstream:`, `health:`.
    static let regions = #"""
        # no region
        regions: {}
        > edge.yaml:1:10: error: regions is empty (at least one region)

        # a region without a jurisdiction
        regions:
          us-east: {cells: {use-a: {endpoints: ["127.0.0.1:7101"]}}}
        > edge.yaml:2:12: error: regions.us-east lacks "jurisdiction" (1 to 63 of a-z, 0-9, - and _, beginning
        >   with a letter or digit, such as eu)

        # a region with neither cells nor an edge
        regions:
          us-east: {jurisdiction: us}
        > edge.yaml:2:12: error: regions.us-east has neither cells nor an edge (cells:, or the edge: that serves
        >   it)

        # a region without cells
        regions:
          us-east: {jurisdiction: us, cells: {}}
        > edge.yaml:2:38: error: regions.us-east.cells is empty (at least one cell, or no cells: and an edge:)

        # a region's name with a capital
        edge: {name: edge-1, region: US}
        regions:
          US: {jurisdiction: us, cells: {use-a: {endpoints: ["127.0.0.1:7101"]}}}
        > edge.yaml:3:3: error: the name "US" is not allowed (1 to 63 of a-z, 0-9, - and _, beginning with a
        >   letter or digit, such as us-east)

        # a region twice
        regions:
          us-east: {jurisdiction: us, cells: {use-a: {endpoints: ["127.0.0.1:7101"]}}}
          us-east: {jurisdiction: us, cells: {use-b: {endpoints: ["127.0.0.1:7101"]}}}
        > edge.yaml:3:3: error: the key "us-east" is given twice, first in line 2 (each key once)

        # an unknown mode
        regions:
          us-east: {jurisdiction: us, mode: passive, cells: {use-a: {endpoints: ["127.0.0.1:7101"]}}}
        > edge.yaml:2:37: error: regions.us-east.mode is "passive" (active or standby)

        # an edge that is a URL
        regions:
          us-east: {jurisdiction: us, edge: "https://a.example", cells: {use-a: {endpoints: ["127.0.0.1:7101"]}}}
        > edge.yaml:2:37: error: regions.us-east.edge is "https://a.example" (a host with or without a port, such
        >   as edge.example.com:8443)

        # a cell without endpoints
        regions:
          us-east: {jurisdiction: us, cells: {use-a: {}}}
        > edge.yaml:2:46: error: regions.us-east.cells.use-a lacks "endpoints" (a list of addresses, or
        >   endpoints_file: and a path)

        # a cell with no endpoint
        regions:
          us-east: {jurisdiction: us, cells: {use-a: {endpoints: []}}}
        > edge.yaml:2:58: error: regions.us-east.cells.use-a.endpoints is empty (a list, each an address such as
        >   10.0.0.1:8080, [2001:db8::1]:8080, app.example.com:8080 or unix:app.sock)

        # an endpoint without a port
        regions:
          us-east: {jurisdiction: us, cells: {use-a: {endpoints: [10.0.0.1]}}}
        > edge.yaml:2:59: error: regions.us-east.cells.use-a.endpoints[0] is "10.0.0.1", which has no port (an
        >   address such as 10.0.0.1:8080, [2001:db8::1]:8080, app.example.com:8080 or unix:app.sock)

        # an endpoint with port 0
        regions:
          us-east: {jurisdiction: us, cells: {use-a: {endpoints: ["10.0.0.1:0"]}}}
        > edge.yaml:2:59: error: regions.us-east.cells.use-a.endpoints[0] is "10.0.0.1:0", which has port 0 (an
        >   address such as 10.0.0.1:8080, [2001:db8::1]:8080, app.example.com:8080 or unix:app.sock)

        # an endpoint twice
        regions:
          us-east: {jurisdiction: us, cells: {use-a: {endpoints: ["10.0.0.1:80", "10.0.0.1:80"]}}}
        > edge.yaml:2:74: error: regions.us-east.cells.use-a.endpoints[1] repeats an earlier one (each once)

        # one endpoint instead of a list
        regions:
          us-east: {jurisdiction: us, cells: {use-a: {endpoints: "10.0.0.1:80"}}}
        > edge.yaml:2:58: error: regions.us-east.cells.use-a.endpoints is "10.0.0.1:80" (a list, each an address
        >   such as 10.0.0.1:8080, [2001:db8::1]:8080, app.example.com:8080 or unix:app.sock)

        # a cell's name in two regions
        regions:
          us-east: {jurisdiction: us, cells: {a: {endpoints: ["127.0.0.1:7101"]}}}
          eu-west: {jurisdiction: eu, cells: {a: {endpoints: ["127.0.0.1:7101"]}}}
        > edge.yaml:3:39: error: the cell "a" is there already, in line 2 (a name of its own for each cell)

        # a cell's name that another region's edge goes by
        regions:
          us-east: {jurisdiction: us, cells: {eu-west-edge: {endpoints: ["127.0.0.1:7101"]}}}
          eu-west: {jurisdiction: eu, edge: "edge.example:443"}
        > edge.yaml:3:3: error: the cell "eu-west-edge" is there already, in line 2 (a name of its own for each cell)

        # a weight beyond 100
        regions:
          us-east: {jurisdiction: us, cells: {a: {weight: 120, endpoints: ["127.0.0.1:7101"]}}}
        > edge.yaml:2:51: error: regions.us-east.cells.a.weight is "120" (a whole percent from 0 to 100)

        # a weight that is a fraction
        regions:
          us-east:
            jurisdiction: us
            cells:
              a: {weight: 0.5, endpoints: ["127.0.0.1:7101"]}
              b: {weight: 50, endpoints: ["127.0.0.1:7101"]}
        > edge.yaml:5:19: error: regions.us-east.cells.a.weight is "0.5" (a whole percent from 0 to 100)

        # weights that sum to 90
        regions:
          us-east:
            jurisdiction: us
            cells:
              a: {weight: 50, endpoints: ["127.0.0.1:7101"]}
              b: {weight: 40, endpoints: ["127.0.0.1:7101"]}
        > edge.yaml:5:7: error: regions.us-east.cells have weights that sum to 90 (100 in every region, or no
        >   weights for equal shares)

        # a cell without a weight among others
        regions:
          us-east:
            jurisdiction: us
            cells:
              a: {weight: 100, endpoints: ["127.0.0.1:7101"]}
              b: {endpoints: ["127.0.0.1:7101"]}
        > edge.yaml:6:10: error: regions.us-east.cells.b lacks "weight", which other cells of the region have (a
        >   weight for every cell of a region, or for none)

        # a capacity of nothing
        regions:
          us-east: {jurisdiction: us, cells: {a: {capacity: 0, endpoints: ["10.0.0.1:80"]}}}
        > edge.yaml:2:53: error: regions.us-east.cells.a.capacity is "0" (a whole number from 1 to 1000000000)

        # replication without a backend
        regions:
          us-east: {jurisdiction: us, cells: {a: {endpoints: ["127.0.0.1:7101"]}}, replication: {}}
        > edge.yaml:2:89: error: regions.us-east.replication lacks "backend" (a list of addresses)

        # HTTP/1.1 for endpoints
        upstream: {protocol: http/1.1}
        > edge.yaml:1:22: error: upstream.protocol is "http/1.1", which is not supported yet (h2c or h2)

        # an unknown upstream protocol
        upstream: {protocol: h3}
        > edge.yaml:1:22: error: upstream.protocol is "h3" (h2c or h2)

        # a server name without TLS
        upstream: {server_name: app.example.com}
        > edge.yaml:1:25: error: upstream.server_name is there without TLS (protocol: h2, or no server_name)

        # a timeout below its range
        upstream: {connect_timeout: 1ms}
        > edge.yaml:1:29: error: upstream.connect_timeout is "1ms" (a duration from 10ms to 1m, such as 30s)

        # TLS to a socket without a name
        regions:
          us-east: {jurisdiction: us, cells: {a: {endpoints: ["unix:app.sock"], upstream: {protocol: h2}}}}
        > edge.yaml:2:54: error: regions.us-east.cells.a.endpoints has a Unix socket, whose certificate would be
        >   for no known name (upstream: {server_name: NAME}, or protocol: h2c)

        # a misspelt key of a cell's upstream
        regions:
          us-east: {jurisdiction: us, cells: {a: {endpoints: ["10.0.0.1:80"], upstream: {conect_timeout: 1s}}}}
        > edge.yaml:2:82: error: unknown key "conect_timeout" in regions.us-east.cells.a.upstream (did you mean
        >   "connect_timeout"?)

        # a health path without a slash
        health: {path: healthz}
        > edge.yaml:1:16: error: health.path is "healthz" (a path that begins with /, without spaces, ? and #,
        >   such as /healthz)

        # a health timeout beyond the interval
        health: {interval: 500ms, timeout: 1s}
        > edge.yaml:1:36: error: health.timeout is longer than the interval of 500ms (a timeout of at most 500ms)

        # an interval too short
        health: {interval: 10ms}
        > edge.yaml:1:20: error: health.interval is "10ms" (a duration from 100ms to 1h, such as 30s)

        # a fall of nothing
        health: {fall: 0, rise: 11}
        > edge.yaml:1:16: error: health.fall is "0" (a whole number from 1 to 10)
        > edge.yaml:1:25: error: health.rise is "11" (a whole number from 1 to 10)

        # a status that is none
        health: {expect: [200, 999, 299-200]}
        > edge.yaml:1:24: error: health.expect[1] is "999" (a status from 100 to 599 or a range such as 200-299)
        > edge.yaml:1:29: error: health.expect[2] is "299-200" (a status from 100 to 599 or a range such as
        >   200-299)
        """#
}
