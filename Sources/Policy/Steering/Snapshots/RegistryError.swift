import Model

/// A process has used up its ids, counted over all configurations it has seen.
public enum RegistryError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooManyRegions, tooManyCells

    public var description: String {
        let (what, most) =
            switch self {
            case .tooManyRegions: ("regions", RegionSet.capacity)
            case .tooManyCells: ("cells", Int(CellID.none.rawValue))
            }
        return "more than \(most) different \(what) since the start, those of earlier configurations counted: "
            + "restart to use this one"
    }
}
