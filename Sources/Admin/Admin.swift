// Admin — the HTTP API for operators and scrapers, and the metrics page.
// In     an `AdminService`, which tells the present state and carries changes out; where to listen; requests, on the
//        Unix socket, on loopback, or elsewhere with TLS.
// Out    JSON (snake case), server-sent events, `application/problem+json` for every error, Prometheus text; the
//        OpenAPI document, made of the same table of operations as the routes.
// Never  DataPlane, Config: what it shows, App fetches. Nothing but probes without a credential.
// Cost   one thread that sleeps when nobody asks, and at most 32 calls at once. A scrape costs each worker one wake-up
//        and a copy of its counters; in a flood of calls ten a second do (Calls/SharedReplies.swift).
// Start  Calls/AdminOperation.swift, then Operations/, Routes/AdminRoutes.swift and Server/AdminServer.swift.
