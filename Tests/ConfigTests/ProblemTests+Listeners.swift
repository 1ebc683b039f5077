extension ProblemTests {
    /// `listeners:`, addresses, ranges, certificates.
    static let listeners = #"""
        # no listener
        listeners: []
        > edge.yaml:1:12: error: listeners is empty (a list of at least one listener)

        # a listener without anything
        listeners: [{}]
        > edge.yaml:1:13: error: listeners[0] lacks "name" (1 to 63 of a-z, 0-9, - and _, beginning with a letter
        >   or digit, such as public)
        > edge.yaml:1:13: error: listeners[0] lacks "address" (an address such as 0.0.0.0:8443, [::]:8443 or
        >   unix:edge.sock)

        # a listener without a port
        listeners: [{name: public, address: 127.0.0.1}]
        > edge.yaml:1:37: error: listeners[0].address is "127.0.0.1", which has no port (an address such as
        >   0.0.0.0:8443, [::]:8443 or unix:edge.sock)

        # a listener on a name
        listeners: [{name: public, address: "localhost:8443"}]
        > edge.yaml:1:37: error: listeners[0].address is "localhost:8443", which is a name (an IP address such as
        >   127.0.0.1:8443)

        # a listener on a bad address
        listeners: [{name: public, address: "300.0.0.1:8443"}]
        > edge.yaml:1:37: error: listeners[0].address is "300.0.0.1:8443" (an address such as 0.0.0.0:8443,
        >   [::]:8443 or unix:edge.sock)

        # a port beyond 65535
        listeners: [{name: public, address: "127.0.0.1:70000"}]
        > edge.yaml:1:37: error: listeners[0].address is "127.0.0.1:70000" (an address such as 0.0.0.0:8443,
        >   [::]:8443 or unix:edge.sock)

        # two listeners of one name
        listeners:
          - {name: public, address: "127.0.0.1:1"}
          - {name: public, address: "127.0.0.1:2"}
        > edge.yaml:3:12: error: the listener "public" is there already, in line 2 (a name of its own for each
        >   listener)

        # overlapping listeners
        listeners:
          - {name: all, address: "0.0.0.0:8443", tls: {certificates: [{certificate: a, key: b}]}}
          - {name: one, address: "127.0.0.1:8443"}
          - {name: six, address: "[::1]:8443"}
          - {name: any, address: "127.0.0.1:0"}
        > edge.yaml:3:26: error: listeners[1].address is "127.0.0.1:8443", which overlaps listener all on
        >   0.0.0.0:8443 (an address of its own)

        # two listeners on one socket
        listeners: [{name: a, address: "unix:/run/a"}, {name: b, address: "unix:/run/a"}]
        > edge.yaml:1:67: error: listeners[1].address is "unix:/run/a", which overlaps listener a on unix:/run/a
        >   (an address of its own)

        # HTTP/1.1 for clients
        listeners: [{name: public, address: "127.0.0.1:8443", protocols: [h2, http/1.1]}]
        > edge.yaml:1:71: error: listeners[0].protocols[1] is "http/1.1", which is not supported yet (h2)

        # an unknown protocol
        listeners: [{name: public, address: "127.0.0.1:8443", protocols: [spdy]}]
        > edge.yaml:1:67: error: listeners[0].protocols[0] is "spdy" (h2)

        # a protocol twice
        listeners: [{name: public, address: "127.0.0.1:8443", protocols: [h2, h2]}]
        > edge.yaml:1:71: error: listeners[0].protocols[1] repeats an earlier one (each once)

        # no protocol
        listeners: [{name: public, address: "127.0.0.1:8443", protocols: []}]
        > edge.yaml:1:66: error: listeners[0].protocols is empty (a list, each h2)

        # TLS without certificates
        listeners: [{name: public, address: "127.0.0.1:8443", tls: {}}]
        > edge.yaml:1:60: error: listeners[0].tls lacks "certificates" (a list of {certificate: PATH, key: PATH},
        >   the first for clients that name no host)

        # a certificate without its key
        listeners: [{name: public, address: "127.0.0.1:8443", tls: {certificates: [{certificate: dev.crt}]}}]
        > edge.yaml:1:76: error: listeners[0].tls.certificates[0] lacks "key" (a path, relative to this file's
        >   folder or absolute)

        # trust from nobody
        listeners: [{name: public, address: "127.0.0.1:8443", trust: {x_region: true}}]
        > edge.yaml:1:62: error: listeners[0].trust lacks "from" (a list of ranges such as 10.0.0.0/8; without
        >   any, nobody is trusted)

        # a range with host bits
        listeners: [{name: public, address: "127.0.0.1:8443", trust: {from: [10.1.2.3/8, 2001:db8::1/32]}}]
        > edge.yaml:1:70: error: listeners[0].trust.from[0] is "10.1.2.3/8", which has bits set beyond its prefix
        >   (10.0.0.0/8 is the network)
        > edge.yaml:1:82: error: listeners[0].trust.from[1] is "2001:db8::1/32", which has bits set beyond its
        >   prefix (2001:db8::/32 is the network)

        # a range that is none
        listeners: [{name: public, address: "127.0.0.1:8443", trust: {from: [everybody]}}]
        > edge.yaml:1:70: error: listeners[0].trust.from[0] is "everybody" (a range such as 10.0.0.0/8 or ::1/128,
        >   or a single address)

        # trust in everybody
        listeners: [{name: public, address: "127.0.0.1:8443", trust: {from: [0.0.0.0/0]}}]
        > edge.yaml:1:69: warning: listeners[0].trust.from trusts every machine there is (your own networks)

        # plain text for other machines
        listeners: [{name: public, address: "0.0.0.0:8443"}]
        > edge.yaml:1:37: warning: listeners[0].address takes requests from other machines without TLS (tls: with
        >   certificates, or a loopback address)
        """#
}
