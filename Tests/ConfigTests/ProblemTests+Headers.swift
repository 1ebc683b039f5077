extension ProblemTests {
    /// What routes do with headers.
    static let headers = #"""
        # a hash by nothing
        routes: [{name: default, match: {}, hash_by: {}}]
        > edge.yaml:1:46: error: routes[0].hash_by lacks "header" (a header's name such as x-user-id)

        # a hash by a text
        routes: [{name: default, match: {}, hash_by: x-user-id}]
        > edge.yaml:1:46: error: routes[0].hash_by is "x-user-id" (a mapping of keys and values)

        # a hash by a header of Portolan's own
        routes: [{name: default, match: {}, hash_by: {header: X-Portolan-Session}}]
        > edge.yaml:1:55: error: routes[0].hash_by.header is "X-Portolan-Session", which Portolan or the protocol
        >   gives its own meaning (another header, such as x-user-id)

        # changes to headers that are not the route's to change
        routes:
          - name: default
            match: {}
            headers:
              request: {add: {Connection: close, x-portolan-cell: a, ":path": /}, remove: [content-length]}
        > edge.yaml:5:23: error: routes[0].headers.request.add: "Connection", which belongs to one connection (an
        >   end-to-end header)
        > edge.yaml:5:42: error: routes[0].headers.request.add: "x-portolan-cell", which Portolan sets itself (a
        >   header of your own)
        > edge.yaml:5:62: error: routes[0].headers.request.add: ":path", which is a pseudo-header (an ordinary
        >   header's name)
        > edge.yaml:5:84: error: routes[0].headers.request.remove[0] is "content-length", which the message itself
        >   decides (another header)

        # a header's value on two lines
        routes: [{name: default, match: {}, headers: {response: {add: {x-a: "a\nb", x-b: " b"}}}}]
        > edge.yaml:1:69: error: routes[0].headers.response.add.x-a is a text that is not quoted here (a text of 1
        >   to 4096 bytes on one line)
        > edge.yaml:1:82: error: routes[0].headers.response.add.x-b is a text that is not quoted here, with a
        >   space at an end (a value without spaces around it)

        # headers for nobody
        routes: [{name: default, match: {}, headers: {requests: {}}}]
        > edge.yaml:1:47: error: unknown key "requests" in routes[0].headers (did you mean "request"?)
        """#
}
