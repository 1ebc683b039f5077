public import Model

/// The demo's world: regions at a distance, their cells and endpoints.
public struct DemoTopology: Equatable, Sendable {
    public struct Region: Equatable, Sendable {
        public var name: String
        public var jurisdiction: String
        /// Round trip between the edge and the region: every answer waits so long, health probes' too.
        public var distanceMilliseconds: UInt64
        public var cells: [Cell]
        public init(name: String, jurisdiction: String, distanceMilliseconds: UInt64, cells: [Cell]) {
            (self.name, self.jurisdiction, self.cells) = (name, jurisdiction, cells)
            self.distanceMilliseconds = distanceMilliseconds
        }
    }

    public struct Cell: Equatable, Sendable {
        public var name: String
        public var endpoints: [Endpoint]
        public init(name: String, endpoints: [Endpoint]) { (self.name, self.endpoints) = (name, endpoints) }
    }

    public struct Endpoint: Equatable, Sendable {
        public var name: String
        /// Port 0: the kernel's choice; `DemoRegions.topology` has what it chose.
        public var address: Address
        public init(name: String, address: Address) { (self.name, self.address) = (name, address) }
    }

    /// The first is where the edge stands.
    public var regions: [Region]
    public init(regions: [Region]) { self.regions = regions }

    /// Three regions, 1, 80 and 150 ms away, of two cells of two endpoints each.
    /// - Parameter address: where the endpoint of that name shall listen.
    public static func standard(
        listeningOn address: (String) -> Address = { _ in .ip(.loopback, port: 0) }
    ) -> DemoTopology {
        let rows: [(String, String, UInt64, String)] = [
            ("us-east", "us", 1, "use"), ("eu-west", "eu", 80, "euw"), ("ap-south", "in", 150, "aps"),
        ]
        let regions = rows.map { name, jurisdiction, distance, prefix in
            let cells = ["\(prefix)-a", "\(prefix)-b"].map { cell in
                let names = ["\(cell)-1", "\(cell)-2"]
                return Cell(name: cell, endpoints: names.map { Endpoint(name: $0, address: address($0)) })
            }
            return Region(name: name, jurisdiction: jurisdiction, distanceMilliseconds: distance, cells: cells)
        }
        return DemoTopology(regions: regions)
    }
}
