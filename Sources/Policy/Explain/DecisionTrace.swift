import Model

/// Who looks over a decision's shoulder. Real requests have nobody: `NoTrace` is specialised away.
protocol DecisionTrace {
    /// The stage has run, and left these. Stages 7 and 8 choose in the one region that stage 6 leaves.
    mutating func ended(_ stage: Stage, _ candidates: Candidates)
}

struct NoTrace: DecisionTrace {
    @inline(__always) mutating func ended(_ stage: Stage, _ candidates: Candidates) {}
}
