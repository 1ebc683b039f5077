// Store — keeps what must survive the process: the secrets of sessions, and where producers are held.
// In     a path (`state`), the session table, snapshots for the names behind ids, the time, randomness.
// Out    secrets, made at the first start and renewed; a table filled again; one error that says what to do.
// Never  a clock, the network, a request.
// Cost   a file of 28 bytes a session every 10 s, written beside the old one and put in its place.
// Start  SessionStore.swift, then SecretKeys.swift.
