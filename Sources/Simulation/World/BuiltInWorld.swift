public import Model

/// A world to simulate where no file names one: three regions of two cells of four endpoints, with everything that
/// routing.md has a rule for.
public enum BuiltInWorld {
    public static var configuration: Configuration {
        var configuration = Configuration()
        (configuration.edge.name, configuration.edge.region) = ("edge-1", "us-east")
        configuration.regions = [
            region("us-east", "us", weights: [60, 40], capacity: 400),
            region("us-west", "us", weights: [99, 1], capacity: 200),
            region("eu-west", "eu", weights: [50, 50], capacity: 300),
        ]
        var listener = Configuration.Listener()
        listener.name = "public"
        configuration.listeners = [listener]
        var dataset = Configuration.Dataset()
        (dataset.name, dataset.owner) = ("orders", "us-west")
        configuration.datasets = [dataset]
        configuration.routes = routes
        for index in 0..<6 {
            configuration.tenants.pins += [
                Configuration.Pin(
                    tenant: "us-\(index)", home: index % 2 == 0 ? "us-east" : "us-west", residency: ["us"]),
                Configuration.Pin(tenant: "eu-\(index)", home: "eu-west", residency: ["eu"]),
                Configuration.Pin(tenant: "both-\(index)", home: "eu-west", residency: ["eu", "us"]),
            ]
        }
        return configuration
    }

    private static var routes: [Configuration.Route] {
        var sessions = route("sessions")
        sessions.sticky = .producer
        var keyed = route("keyed")
        keyed.hashByHeader = "x-key"
        var local = route("local")
        local.readsLocal = true
        var closed = route("closed")
        (closed.panic, closed.onXRegion) = (.closed, .force)
        var orders = route("orders")
        orders.dataset = "orders"
        var plain = route("plain")
        plain.match.pathPrefix = nil
        return [sessions, keyed, local, closed, orders, plain]
    }

    private static func route(_ name: String) -> Configuration.Route {
        var route = Configuration.Route()
        (route.name, route.match.pathPrefix) = (name, "/\(name)")
        return route
    }

    private static func region(
        _ name: String, _ jurisdiction: String, weights: [Int], capacity: Int
    ) -> Configuration.Region {
        var region = Configuration.Region()
        (region.name, region.jurisdiction) = (name, jurisdiction)
        // One port for each endpoint of the world: addresses are all that tells endpoints apart in a trace.
        let first = name == "us-east" ? 0 : name == "us-west" ? 100 : 200
        for (index, weight) in weights.enumerated() {
            var cell = Configuration.Cell()
            (cell.name, cell.weightPercent) = ("\(name)-\(index == 0 ? "a" : "b")", weight)
            cell.capacity = capacity
            cell.endpoints = (0..<4).map { .ip(.loopback, port: UInt16(8_001 + first + 10 * index + $0)) }
            region.cells.append(cell)
        }
        // Where orders are written, of the region's tenants and of those that have no home.
        region.replicationBackends = [.ip(.loopback, port: UInt16(8_901 + first))]
        return region
    }
}
