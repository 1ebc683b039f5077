/// One whole answer's facts.
struct LoadAnswer: Equatable {
    var status = 0
    var edgeRegion: String?
    var edgeCell: String?
    var reason: String?
    var demoRegion: String?
    var demoCell: String?
    var endpoint: String?

    var failure: String? {
        if status < 200 || status >= 400 { return "status \(status)" + (reason.map { " (\($0))" } ?? "") }
        if let edgeCell, let demoCell, edgeCell != demoCell {
            return "the edge said \(edgeCell), but \(demoCell) answered"
        }
        return nil
    }
}
