// Simulation — years of outages in seconds: the policy that ships, in a world made from a seed.
// In     a `Configuration`, a seed, how many hours, which kinds of faults; or the trace of an earlier run.
// Out    what would have happened, as counts; or the first thing that must not happen, and the shortest trace to it.
// Never  a clock, a socket, a thread, Foundation. No rule of routing.md lives here: the real values are asked, and
//        the invariants that they are held to are worked out anew from configuration and world.
// Cost   some 10 µs a simulated second with 24 endpoints: 1,000 hours a minute on one core.
// Start  Run/Simulator.swift, then Checks/Invariant.swift. How to use it: docs/testing.md.
