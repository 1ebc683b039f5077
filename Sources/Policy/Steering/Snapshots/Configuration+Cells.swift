public import Model

/// The cells that a region has besides those its file lists.
extension Configuration.Region {
    /// What requests are routed over: its cells; of a region that lists none, its edge as the one cell
    /// `REGION-edge`: a cell's name is its own in all regions.
    public var servingCells: [Configuration.Cell] {
        guard cells.isEmpty, let edge, let address = Configuration.Region.address(ofEdge: edge) else { return cells }
        var cell = Configuration.Cell()
        (cell.name, cell.weightPercent, cell.endpoints) = (edgeCellName, 100, [address])
        cell.upstream.protocol = .h2
        // Another edge's listener routes every path: that it takes connections is all there is to ask.
        cell.health.kind = .tcp
        return [cell]
    }

    /// Its replication backends as a cell that nothing but writes goes to; nil without any.
    public var replicationCell: Configuration.Cell? {
        if replicationBackends.isEmpty { return nil }
        var cell = Configuration.Cell()
        (cell.name, cell.endpoints) = ("\(name)-replication", replicationBackends)
        (cell.upstream, cell.health) = (replicationUpstream, replicationHealth)
        return cell
    }

    /// Serving ones first.
    public var allCells: [Configuration.Cell] { servingCells + (replicationCell.map { [$0] } ?? []) }

    /// An authority may leave out the port of https.
    private static func address(ofEdge authority: String) -> Address? {
        Address(authority) ?? Address("\(authority):443")
    }
}

extension Address {
    /// Where to connect: itself, or what its name resolved to.
    func targets(_ resolved: [Address: [Address]]) -> [Address] {
        if case .name = self { return resolved[self] ?? [] }
        return [self]
    }
}
