// Policy — decides where one request goes, and judges health from what probes say. Nothing else.
// In     one immutable `Snapshot`, the request's routing bytes, the loop time, the worker's `DecisionState` (random
//        words, turns of the cells, load of the endpoints). Same in, same out.
// Out    an endpoint to try, or a refusal; always one reason code. How the try went comes back as `began`/`ended`, and
//        as probe results into a `HealthDetector`, whose verdicts return in a later snapshot.
// Never  Reactor, DataPlane, ControlPlane, Foundation, a clock, a String on the way of a request.
// Cost   no allocation; O(routes before the match + cells of one region + 2 endpoints).
// Start  Decide.swift, which walks the stages in order; each has a file of its own, named after it:
//          RouteStage      which rule the request falls under
//          ResidencyStage  1. the regions that the tenant's data may touch
//          OwnershipStage  2. the owner of a write
//          XRegionStage    3. the region the request names
//          SessionStage    4. the region and cell a session holds
//          FitnessStage    5. regions that are open, and what a panic does instead
//          LatencyStage    6. the region nearest by
//          CellStage       7. the cell whose turn it is, or that owns the key
//          EndpointStage   8. the better of two endpoints
//        Explain/ looks on while a decision is made, and says why each loser lost. Then HealthDetector.swift.
