extension ProblemTests {
    /// What is wrong before any section is read, and with keys and values in general.
    static let document = #"""
        # an empty file (whole)
        > edge.yaml:1:1: error: the file is empty (a mapping that begins with version: 1)

        # a comment alone (whole)
          # nothing
        > edge.yaml:1:1: error: the file is empty (a mapping that begins with version: 1)

        # a list instead of a mapping (whole)
        - version: 1
        > edge.yaml:1:1: error: the file is a list (a mapping of keys and values)

        # a text instead of a mapping (whole)
        hello
        > edge.yaml:1:1: error: the file is "hello" (a mapping of keys and values)

        # an unclosed bracket (whole)
        version: 1
        listeners: [
        edge: {}
        > edge.yaml:4:1: error: not YAML: while parsing a flow sequence from line 2, did not find expected ',' or
        >   ']' (check indentation, quotes and brackets here and just above)

        # an unclosed quote (whole)
        version: 1
        edge: {name: "edge-1}
        > edge.yaml:2:22: error: not YAML: while scanning a quoted scalar, found unexpected end of stream (check
        >   indentation, quotes and brackets here and just above)

        # an undefined alias (whole)
        version: *one
        > edge.yaml:1:10: error: not YAML: found undefined alias (the value itself: aliases are not supported)

        # two documents
        limits: {}
        ---
        version: 1
        > edge.yaml:2:1: error: not YAML: expected a single document in the stream from line 1, but found another
        >   document (one document in a file)

        # no sections at all (whole)
        version: 1
        > edge.yaml:1:1: error: the file lacks "regions" (regions by name, each with cells or an edge)
        > edge.yaml:1:1: error: the file lacks "edge" (a mapping with name and region)
        > edge.yaml:1:1: error: the file lacks "listeners" (a list of at least one listener)

        # another version
        version: 2
        > edge.yaml:1:10: error: version is "2" (1, the only version there is)

        # a version that is no number
        version: one
        > edge.yaml:1:10: error: version is "one" (1, the only version there is)

        # a misspelt section
        limitz: {}
        > edge.yaml:1:1: error: unknown key "limitz" (did you mean "limits"?)

        # an unknown section
        frobnication: {}
        > edge.yaml:1:1: error: unknown key "frobnication" (known here: version, edge, listeners, admin, state,
        >   regions, upstream, health, sessions, routes, access_log, events, tenants, datasets, limits, outliers,
        >   latency, spill, drains, retries)

        # a section without a value
        limits:
        > edge.yaml:1:8: error: limits has no value (a mapping of keys and values)

        # a section that is a text
        limits: none
        > edge.yaml:1:9: error: limits is "none" (a mapping of keys and values)

        # a section that is a list
        limits: [1]
        > edge.yaml:1:9: error: limits is a list (a mapping of keys and values)

        # a list that is a mapping
        routes: {name: default}
        > edge.yaml:1:9: error: routes is a mapping (a list of at least one route, or no routes: for one that
        >   takes everything)

        # an empty list
        routes: []
        > edge.yaml:1:9: error: routes is empty (a list of at least one route, or no routes: for one that takes
        >   everything)

        # a key that is a list
        limits: {[a]: 1}
        > edge.yaml:1:10: error: a key is a list (a plain word)

        # an anchor and its alias
        upstream: &timeouts {connect_timeout: 1s}
        health: {interval: 1s, timeout: &one 1s}
        > edge.yaml:1:11: error: anchors and aliases are not supported (the value itself wherever it is needed)
        > edge.yaml:2:33: error: anchors and aliases are not supported (the value itself wherever it is needed)

        # a merge key
        limits: {<<: {idle: 1m}}
        > edge.yaml:1:10: error: merge keys are not supported (each key written out)

        # a tag
        state: {sqlite: !secret portolan.db}
        > edge.yaml:1:17: error: the tag !secret is not supported (the value without a tag)

        # a key given twice in a block
        edge:
          name: edge-1
          region: us-east
          name: edge-2
        > edge.yaml:4:3: error: the key "name" is given twice, first in line 2 (each key once)

        # a key given twice in brackets
        limits: {idle: 1m, idle: 2m}
        > edge.yaml:1:20: error: the key "idle" is given twice, first in line 1 (each key once)

        # a key given twice, once in quotes
        limits:
          idle: 1m
          "idle": 2m
        > edge.yaml:3:3: error: the key "idle" is given twice, first in line 2 (each key once)

        # a section given twice
        limits: {idle: 1m}
        sessions: {idle: 1m}
        limits: {idle: 2m}
        > edge.yaml:3:1: error: the key "limits" is given twice, first in line 1 (each key once)

        # several keys given twice, and another mistake
        limits:
          idle: 1m
          idle: 2m
          idle: 3m
          preface: 1s
          preface: 1
        sessions: {idle: x, idle: y}
        > edge.yaml:3:3: error: the key "idle" is given twice, first in line 2 (each key once)
        > edge.yaml:4:3: error: the key "idle" is given twice, first in line 2 (each key once)
        > edge.yaml:6:3: error: the key "preface" is given twice, first in line 5 (each key once)
        > edge.yaml:7:18: error: sessions.idle is "x" (a duration from 1s to 168h, such as 30s)
        > edge.yaml:7:21: error: the key "idle" is given twice, first in line 7 (each key once)

        # keys that are the same text
        tenants: {pins: {1: {home: us-east}, "1": {home: us-east}}}
        > edge.yaml:1:38: error: the key "1" is given twice, first in line 1 (each key once)

        # a variable that is not set
        state: {sqlite: "${NOWHERE}/portolan.db"}
        > edge.yaml:1:17: error: state.sqlite needs ${NOWHERE}, which the environment does not have (set NOWHERE,
        >   or write $${ for a plain ${)

        # a variable without its end
        state: {sqlite: "${HOME/portolan.db"}
        > edge.yaml:1:17: error: state.sqlite has a ${ without a name and } (${NAME}, or $${ for a plain ${)

        # a variable whose value is wrong
        limits: {idle: "${WORD}"}
        > edge.yaml:1:16: error: limits.idle is "soon" (a duration from 100ms to 24h, such as 30s)
        """#
}
