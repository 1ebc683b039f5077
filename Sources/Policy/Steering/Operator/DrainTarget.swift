public import Model

/// What a drain empties.
public enum DrainTarget: Hashable, Sendable {
    case cell(CellID)
    case region(RegionID)
}
