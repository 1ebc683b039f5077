extension ProblemTests {
    /// `admin:`, `state:`, `sessions:`, `access_log:`, `limits:`, sizes, counts.
    static let sections = #"""
        # an admin API for other machines, in plain text
        admin: {address: "0.0.0.0:9443"}
        > edge.yaml:1:18: error: admin.address is not loopback, and tokens would pass in plain text (tls: with a
        >   certificate and its key, or a loopback address such as 127.0.0.1:9443)

        # clients of the admin API whose certificates nobody vouches for
        admin: {socket: /run/p, clients: [{name: ci.example.com, role: operator}]}
        > edge.yaml:1:34: error: admin.clients is there, but no certificate of theirs would be believed (tls:
        >   {client_authorities: PATH})

        # a role that is none
        admin: {socket: /p, tls: {certificate: a, key: b, client_authorities: c}, clients: [{name: x, role: root}]}
        > edge.yaml:1:101: error: admin.clients[0].role is "root" (viewer, operator or admin)

        # a client twice, believed by nobody
        admin: {socket: /p, clients: [{name: x, role: admin}, {name: x, role: viewer}]}
        > edge.yaml:1:30: error: admin.clients is there, but no certificate of theirs would be believed (tls:
        >   {client_authorities: PATH})
        > edge.yaml:1:62: error: the client "x" is there already, in line 1 (a name of its own for each client)

        # certificates that give nobody a role
        admin: {address: "10.0.0.1:9443", tls: {certificate: a, key: b, client_authorities: c}}
        > edge.yaml:1:40: warning: admin.tls asks clients for certificates, but none has a role (clients: [{name:
        >   NAME, role: viewer}] beside tls)

        # an admin API on a listener's port
        admin: {address: "127.0.0.1:8443"}
        > edge.yaml:1:18: error: admin.address is "127.0.0.1:8443", which overlaps listener public on
        >   127.0.0.1:8443 (an address of its own)

        # an admin API that listens nowhere
        admin: {metrics: open}
        > edge.yaml:1:8: error: admin listens nowhere (address: 127.0.0.1:9443, socket: PATH, or both)

        # an admin API on a name
        admin: {address: "localhost:9443", metrics: all}
        > edge.yaml:1:18: error: admin.address is "localhost:9443", which is not an IP address with a port (an
        >   address such as 127.0.0.1:9443)
        > edge.yaml:1:45: error: admin.metrics is "all" (open or token)

        # state in etcd
        state: {etcd: "http://127.0.0.1:2379"}
        > edge.yaml:1:15: error: state.etcd is not supported yet (sqlite: and a path)

        # state nowhere
        state: {}
        > edge.yaml:1:8: error: state lacks "sqlite" (a path, relative to this file's folder or absolute)

        # sessions that are idle for longer than they live
        sessions: {idle: 2h, life: 1h}
        > edge.yaml:1:11: error: sessions has idle 2h longer than life 1h (idle of at most 1h)

        # sessions that outlive their key
        sessions: {idle: 2h, key_rotation: 1h}
        > edge.yaml:1:11: error: sessions has idle 2h longer than key_rotation 1h, so idle sessions would outlive
        >   their key (idle of at most 1h)

        # a producer header of Portolan's own
        sessions: {producer_header: x-portolan-session}
        > edge.yaml:1:29: error: sessions.producer_header is "x-portolan-session", which Portolan or the protocol
        >   gives its own meaning (another header, such as x-user-id)

        # a share beyond one
        access_log: {sample: 1.5}
        > edge.yaml:1:22: error: access_log.sample is "1.5" (a number from 0 to 1, such as 0.25)

        # a share below zero
        access_log: {sample: -0.5}
        > edge.yaml:1:22: error: access_log.sample is "-0.5" (a number from 0 to 1, such as 0.25)

        # a misspelt limit
        limits: {max_concurent_streams: 10}
        > edge.yaml:1:10: error: unknown key "max_concurent_streams" in limits (did you mean
        >   "max_concurrent_streams"?)

        # a size without a unit
        limits: {client_buffer: 1048576}
        > edge.yaml:1:25: error: limits.client_buffer is "1048576", which has no unit (a size from 64KiB to 1GiB,
        >   such as 64KiB)

        # a size in decimal units
        limits: {turn_read: 64KB}
        > edge.yaml:1:21: error: limits.turn_read is "64KB" (a size from 16KiB to 64KiB, such as 64KiB)

        # a count that is zero
        limits: {max_concurrent_streams: 0}
        > edge.yaml:1:34: error: limits.max_concurrent_streams is "0" (a whole number from 1 to 10000)

        # a count with a fraction
        limits: {turn_frames: 1.5}
        > edge.yaml:1:23: error: limits.turn_frames is "1.5" (a whole number from 1 to 10000)

        # limits out of order
        limits: {client_buffer: 16MiB, connection_stall: 10s}
        > edge.yaml:1:25: error: limits.client_buffer makes client_buffer 16MiB exceed client_buffer_max 8MiB
        >   (client_buffer of at most client_buffer_max)
        > edge.yaml:1:50: error: limits.connection_stall makes stream_stall 30s exceed connection_stall 10s
        >   (stream_stall of at most connection_stall)
        """#
}
