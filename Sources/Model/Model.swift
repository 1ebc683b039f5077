// Model — the words everybody shares: regions ⊃ cells ⊃ endpoints, routes, limits, the snapshot, errors, time.
// In     nothing: values are made by Config (what the operator wrote) and ControlPlane (what is true now).
// Out    plain values. `Configuration` is the file as written; `Snapshot` is all that a decision needs, immutable.
// Never  Foundation, I/O, a clock, another module of this package.
// Cost   what the request path reads (`Snapshot`, `ByteView`, `LoopTime`) is bitwise copyable and inlinable.
// Start  Configuration.swift, then Snapshot.swift.
