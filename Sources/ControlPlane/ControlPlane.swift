// ControlPlane — what is true now: who is healthy, under which configuration; says it in snapshots, events and logs.
// In     a `Configuration` to apply, results of probes, commands, the workers' record rings.
// Out    a new `Snapshot` for every change (one closure), probes to start (another), events, the access log.
// Never  DataPlane, Probes, sockets to endpoints: App joins them to the closures. No time but `ControlClock`'s.
// Cost   off the request path; a snapshot costs O(all endpoints). A health change is published in the step that saw it.
// Start  Controller.swift, which gives Policy's `Steering` a clock and a network; Records/RecordReader.swift for logs.
