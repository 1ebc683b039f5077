import Model

/// One request of a load generator, from the instant it is due.
struct LoadRequest {
    var dueAt: LoopTime
    /// Why the connection it was last given to could not serve it.
    var lastFailure: String?
}
