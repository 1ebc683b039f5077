import ControlPlane

/// What `portolan top` knows: the last two readings, where the reader looks, and whether the edge still answers.
struct TopState: Equatable, Sendable {
    private(set) var reading: TopReading
    private(set) var rates: TopReading.Rates?
    /// Name of the cell that is looked at; nil: none.
    private(set) var selected: String?
    /// Why the last reading failed; nil: it did not.
    private(set) var fault: String?

    init(_ reading: TopReading) { self.reading = reading }

    mutating func take(_ reading: TopReading) {
        rates = reading.rates(since: self.reading)
        (self.reading, fault) = (reading, nil)
        if !cells.contains(where: { $0.name == selected }) { selected = nil }
    }

    mutating func fail(_ words: String) { (fault, rates) = (words, nil) }

    /// Down with 1, up with −1; the first step takes the first or the last cell.
    mutating func move(by step: Int) {
        let names = cells.map(\.name)
        guard !names.isEmpty else { return }
        guard let index = names.firstIndex(where: { $0 == selected }) else {
            selected = step > 0 ? names[0] : names[names.count - 1]
            return
        }
        selected = names[min(max(index + step, 0), names.count - 1)]
    }

    /// In the order of the screen: by region.
    var cells: [Status.Cell] {
        reading.regions.flatMap { region in reading.cells.filter { $0.region == region.name } }
    }
}
