/// Where the lines of YAML's parser begin in the lines that an editor shows. libyaml also ends a line at NEL, LS and PS
/// (YAML 1.1, section 5.4); editors, and whoever looks for FILE:LINE, do not.
struct LineMap {
    /// The editor's place of the first character of each of libyaml's lines; empty where both count alike.
    private let starts: [Place]

    init(_ text: String) {
        guard text.unicodeScalars.contains(where: LineMap.isForeignBreak) else {
            starts = []
            return
        }
        var (starts, place) = ([Place.start], Place.start)
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if scalar == "\n", previous == "\r" {
                // The second half of one break.
            } else if scalar == "\n" || scalar == "\r" {
                place = Place(line: place.line + 1, column: 1)
                starts.append(place)
            } else {
                place = place.next
                if LineMap.isForeignBreak(scalar) { starts.append(place) }
            }
            previous = scalar
        }
        self.starts = starts
    }

    private static func isForeignBreak(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{85}" || scalar == "\u{2028}" || scalar == "\u{2029}"
    }

    /// `place` as libyaml counts; the same as an editor does.
    func place(_ place: Place) -> Place {
        guard let last = starts.last else { return place }
        guard place.line <= starts.count else { return last }
        let start = starts[max(1, place.line) - 1]
        return Place(line: start.line, column: start.column + place.column - 1)
    }
}
