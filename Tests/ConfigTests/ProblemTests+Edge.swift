extension ProblemTests {
    /// `edge:`, and durations.
    static let edge = #"""
        # a misspelt key
        edge: {name: edge-1, region: us-east, expose_decisions: true}
        > edge.yaml:1:39: error: unknown key "expose_decisions" in edge (did you mean "expose_decision"?)

        # a key that nothing resembles
        edge: {name: edge-1, region: us-east, colour: red}
        > edge.yaml:1:39: error: unknown key "colour" in edge (known here: name, region, expose_decision, grace,
        >   workers)

        # a missing name
        edge: {region: us-east}
        > edge.yaml:1:7: error: edge lacks "name" (1 to 63 of a-z, 0-9, -, _ and ., beginning with a letter or
        >   digit, such as edge-1)

        # a missing region
        edge: {name: edge-1}
        > edge.yaml:1:7: error: edge lacks "region" (a region: one of us-east)

        # a misspelt region
        edge: {name: edge-1, region: us-esat}
        > edge.yaml:1:30: error: edge.region is "us-esat", which is no region here (did you mean "us-east"?)

        # an unknown region
        edge: {name: edge-1, region: mars}
        > edge.yaml:1:30: error: edge.region is "mars", which is no region here (one of us-east)

        # a name with a space
        edge: {name: edge 1, region: us-east}
        > edge.yaml:1:14: error: edge.name is "edge 1" (1 to 63 of a-z, 0-9, -, _ and ., beginning with a letter
        >   or digit, such as edge-1)

        # yes for true
        edge: {name: edge-1, region: us-east, expose_decision: yes}
        > edge.yaml:1:56: error: edge.expose_decision is "yes" (true or false)

        # a duration without a unit
        edge: {name: edge-1, region: us-east, grace: 30}
        > edge.yaml:1:46: error: edge.grace is "30", which has no unit (a duration from 0ms to 1h, such as 30s)

        # an edge without workers
        edge: {name: edge-1, region: us-east, workers: 0}
        > edge.yaml:1:48: error: edge.workers is "0" (a whole number from 1 to 1024)

        # a duration in an unknown unit
        edge: {name: edge-1, region: us-east, grace: 30sec}
        > edge.yaml:1:46: error: edge.grace is "30sec" (a duration from 0ms to 1h, such as 30s)

        # a duration beyond its range
        edge: {name: edge-1, region: us-east, grace: 2h}
        > edge.yaml:1:46: error: edge.grace is "2h" (a duration from 0ms to 1h, such as 30s)

        # a duration that overflows
        edge: {name: edge-1, region: us-east, grace: 18446744073709551615h}
        > edge.yaml:1:46: error: edge.grace is "18446744073709551615h" (a duration from 0ms to 1h, such as 30s)

        # a duration that is a list
        edge: {name: edge-1, region: us-east, grace: [30s]}
        > edge.yaml:1:46: error: edge.grace is a list (a duration from 0ms to 1h, such as 30s)

        # a duration that is not there
        edge: {name: edge-1, region: us-east, grace: }
        > edge.yaml:1:46: error: edge.grace has no value (a duration from 0ms to 1h, such as 30s)
        """#
}
