// HTTP2 — one session each way over bytes, on nghttp2: frames, HPACK, windows, stream states.
// In     bytes from a connection, whole or torn anywhere; heads and bodies that the owner wants sent.
// Out    calls on the `SessionOwner`; bytes to write, when asked for them.
// Never  sockets, TLS, routing, a clock, String. nghttp2's own types stop at this module's edge.
// Cost   header fields are held by reference (`HeaderBlock`), bodies copied once, into the bytes to write.
// Start  SessionOwner.swift, then Session.swift, DownstreamSession.swift and UpstreamSession.swift.
