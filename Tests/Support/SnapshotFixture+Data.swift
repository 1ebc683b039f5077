public import Model

extension SnapshotFixture {
    /// A pinned tenant.
    public struct Tenant: Sendable {
        public var name: String
        public var home: String
        /// Jurisdictions by number.
        public var jurisdictions: [Int]

        public init(name: String, home: String, jurisdictions: [Int]) {
            (self.name, self.home, self.jurisdictions) = (name, home, jurisdictions)
        }

        public static func tenant(_ name: String, home: String, _ jurisdictions: Int...) -> Tenant {
            Tenant(name: name, home: home, jurisdictions: jurisdictions)
        }

        func pin(home: RegionID) -> TenantPin {
            TenantPin(home: home, jurisdictions: jurisdictions.reduce(0) { $0 | 1 << UInt64($1) })
        }
    }

    public struct Dataset: Sendable {
        public var name: String
        /// Nil: nobody knows.
        public var owner: String?
        public var isMulti: Bool
        public var epoch: UInt64

        public static func dataset(
            _ name: String, owner: String? = nil, isMulti: Bool = false, epoch: UInt64 = 1
        ) -> Dataset {
            Dataset(name: name, owner: owner, isMulti: isMulti, epoch: epoch)
        }
    }

    /// The region's replication cell.
    public func replication(_ name: String) -> CellID {
        let withReplication = regions.filter { !$0.replication.isEmpty }.map(\.name)
        guard let index = withReplication.firstIndex(of: name) else {
            preconditionFailure("region \(name) has no replication backends in this topology")
        }
        return CellID(rawValue: UInt16(regions.reduce(index) { $0 + $1.cells.count }))
    }
}
