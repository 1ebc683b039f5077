/// One key of a mapping with its value.
struct Entry {
    let name: String
    /// The key's.
    let place: Place
    let value: Value
}
