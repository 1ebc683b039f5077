import Model

/// What things are called in traces and reports, and back.
extension Scene {
    func regionName(_ index: Int) -> String { first.name(of: RegionID(rawValue: UInt16(index))) }

    /// Names of cells may come again in another region.
    func cellName(_ index: Int) -> String {
        let id = CellID(rawValue: UInt16(index))
        let name = first.name(of: id)
        let isTaken = first.cells.indices.contains { other in
            other < index && first.name(of: CellID(rawValue: UInt16(other))) == name
        }
        return isTaken || name.isEmpty ? "\(regionName(first.cells[index].region.index)):\(name)" : name
    }

    func endpointName(_ index: Int) -> String {
        "\(cellName(first.endpoints[index].cell.index))/\(first.name(of: EndpointID(rawValue: UInt32(index))))"
    }

    func target(_ name: String) -> FaultTarget? {
        if name == "edge" { return .edge }
        if let index = first.regions.indices.first(where: { regionName($0) == name }) { return .region(index) }
        if let index = first.cells.indices.first(where: { cellName($0) == name }) { return .cell(index) }
        return first.endpoints.indices.first { endpointName($0) == name }.map { .endpoint($0) }
    }
}
