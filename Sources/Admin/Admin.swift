// Admin — the HTTP API for operators and scrapers, and the metrics page.
// In     an `AdminSource`: closures that tell the present state and pass operators' commands on; where to listen;
//        requests, on loopback or a socket.
// Out    JSON (snake case), `application/problem+json` for every error, Prometheus text.
//        Changes only by the Unix socket.
// Never  DataPlane, Config: what it shows, App fetches. No address but loopback until there are tokens.
// Cost   one thread that sleeps when nobody asks. A scrape costs each worker one wake-up and a copy of its counters.
// Start  Routes/AdminRoutes.swift, then AdminServer.swift. The metrics: Metrics/MetricsPage.swift.
