// DataPlane — requests in, requests out: listeners, connections, exchanges, upstream pools.
// In     a configuration for its listeners and limits; snapshots, one after another.
// Out    answered requests; counters; one ring of records a worker.
// Never  ControlPlane, Foundation, locks or allocation on the way of a request; a decision of its own: Policy decides.
// Cost   bench/ holds CPU, instructions and allocations per request against HAProxy and nghttpx.
// Start  Worker.swift (one tick), then the folders as a request meets them: Listener, Session, Exchange, Pool.
