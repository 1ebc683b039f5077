// Demo — a small world to try the edge in: embedded regions, a load generator, and a tour that checks what it shows.
// In     a topology; the address of a running edge and the lines of its log.
// Out    answers that say who gave them, counts of what a client saw, steps with what was expected and what was seen.
// Never  DataPlane, ControlPlane, Foundation: the tour knows the edge as any client does, by its socket.
// Cost   one thread for all regions, one for each load generator.
// Start  Tour.swift, then DemoRegions.swift and LoadGenerator.swift.
