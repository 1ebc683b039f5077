public import Model

/// Configurations as rows, for the tests of what is made from them.
public enum Topology {
    public static func cell(_ name: String, _ weight: Int, _ endpoints: String...) -> Configuration.Cell {
        var cell = Configuration.Cell()
        (cell.name, cell.weightPercent) = (name, weight)
        cell.endpoints = endpoints.map { text in
            guard let address = Address(text) else { preconditionFailure("no address: \(text)") }
            return address
        }
        return cell
    }

    public static func region(
        _ name: String, _ cells: Configuration.Cell..., mode: Configuration.RegionMode = .active
    ) -> Configuration.Region {
        var region = Configuration.Region()
        (region.name, region.mode, region.cells) = (name, mode, cells)
        return region
    }

    public static func edge(in local: String, _ regions: Configuration.Region...) -> Configuration {
        var configuration = Configuration()
        (configuration.edge.name, configuration.edge.region, configuration.regions) = ("edge-1", local, regions)
        return configuration
    }
}
