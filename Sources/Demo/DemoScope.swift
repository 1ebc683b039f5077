/// Which endpoints a fault is for, by name.
public enum DemoScope: Equatable, Sendable {
    case endpoint(String)
    case cell(String)
    case region(String)

    func covers(region: String, cell: String, endpoint: String) -> Bool {
        switch self {
        case .endpoint(let name): name == endpoint
        case .cell(let name): name == cell
        case .region(let name): name == region
        }
    }
}
