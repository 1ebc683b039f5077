/// Why a command is not carried out: nothing has changed.
public struct OperatorRefusal: Error, Equatable, Sendable {
    /// Names are the API's: append, never rename.
    public enum Code: String, Sendable, CaseIterable {
        case unknownTarget = "unknown_target"
        case ambiguousTarget = "ambiguous_target"
        case outOfRange = "out_of_range"
        case weightsExceed = "weights_exceed"
        case weightsIncomplete = "weights_incomplete"
        case notDraining = "not_draining"
        case alreadyDraining = "already_draining"
        case otherCellDraining = "other_cell_draining"
        case lastFitCell = "last_fit_cell"
        case lastFitRegion = "last_fit_region"
        case overCapacity = "over_capacity"
        case healthUnknown = "health_unknown"
        case tooManyPins = "too_many_pins"
    }

    public let code: Code
    /// One sentence with the numbers, and what would be right.
    public let detail: String

    /// HTTP: 404 unknown, 400 wrong in itself, 409 not now.
    public var status: Int {
        switch code {
        case .unknownTarget, .notDraining: 404
        case .outOfRange, .ambiguousTarget: 400
        default: 409
        }
    }

    init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }
}
