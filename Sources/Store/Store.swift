// Store — keeps what must survive the process: operators' intent, credentials, the audit log, events, sessions.
// In     a path (`state`); transactions whole with their audit entry and answer; the session table; time, randomness.
// Out    what was committed, after any end of the process or loss of power; one error that says what to do.
// Never  a clock, the network, a request, what any of it means.
// Cost   a flush to the disk a commit, on the database's threads; a file of 28 bytes a session every 10 s.
// Start  StateStore.swift, then SQLite/SQLiteStore.swift; sessions: SessionStore.swift. Why SQLite, and what that does
//        not give: docs/decisions/0015-state-in-sqlite.md
