/// A line and column, both from 1, columns in Unicode scalars.
struct Place: Hashable {
    var line: Int
    var column: Int
    static let start = Place(line: 1, column: 1)
    /// One column on.
    var next: Place { Place(line: line, column: column + 1) }
}
