// Wire — bytes on their way: pooled blocks, queues of them, and names of header fields as bytes.
// In     spans read from sockets or sessions.
// Out    the same bytes later, in order, once; and how many are held meanwhile.
// Never  sockets, TLS, HTTP semantics, Foundation, String.
// Cost   appending copies once; blocks come from a worker's pool, so the steady state allocates nothing.
// Start  ByteQueue.swift.
