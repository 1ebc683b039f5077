/// Names that must be unique, and where each was given first.
struct Names {
    private var places: [String: Place] = [:]

    /// Reports `name` at `place` if it is taken.
    mutating func take(_ name: String, _ what: String, at place: Place, _ reading: Reading) {
        if let first = places[name] {
            reading.report(
                "the \(what) \(Value.quoted(name)) is there already, in line \(first.line)",
                right: "a name of its own for each \(what)", at: place)
        } else {
            places[name] = place
        }
    }
}
