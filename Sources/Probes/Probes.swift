// Probes — asks one endpoint whether a request like yours would work, the way a request would go: for a page, for its
//          health by gRPC, or for a connection alone.
// In     `ProbeTarget`s with an id and a timeout, from any thread.
// Out    one `ProbeOutcome` for each, with the reason of a failure in plain words.
// Never  when to probe or what an outcome means for an endpoint: that is Policy's detector. No snapshot, no routing.
// Cost   a thread of its own; at most one idle connection an endpoint, one more for each probe that overlaps.
// Start  ProbeLoop.swift, then ProbeConnection.swift, ProbeJudge.swift and HealthCheck.swift.
