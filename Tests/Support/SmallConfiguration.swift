public import Model

extension Configuration {
    /// What `SmallWorld` is a snapshot of: two regions, three cells, two endpoints each, one route, one listener.
    public static var small: Configuration {
        var configuration = Configuration()
        configuration.edge.name = "edge-1"
        configuration.edge.region = "us-east"
        configuration.regions = [
            region("us-east", jurisdiction: "us", [cell("use-a", 50, 7_101), cell("use-b", 50, 7_103)]),
            region("eu-west", jurisdiction: "eu", [cell("euw-a", 100, 7_105)]),
        ]
        var listener = Configuration.Listener()
        listener.name = "public"
        configuration.listeners = [listener]
        var route = Configuration.Route()
        route.name = "default"
        configuration.routes = [route]
        return configuration
    }

    private static func region(_ name: String, jurisdiction: String, _ cells: [Cell]) -> Region {
        var region = Region()
        (region.name, region.jurisdiction, region.cells) = (name, jurisdiction, cells)
        return region
    }

    private static func cell(_ name: String, _ weight: Int, _ port: UInt16) -> Cell {
        var cell = Cell()
        (cell.name, cell.weightPercent) = (name, weight)
        cell.endpoints = [.ip(.loopback, port: port), .ip(.loopback, port: port + 1)]
        return cell
    }
}
