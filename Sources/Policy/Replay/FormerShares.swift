public import Model

/// How likely each outcome was when a recorded decision was made, by the ids of the snapshot over which it is made
/// again. A region or cell that was not there then has no share.
public struct FormerShares: Equatable, Sendable {
    public struct Cell: Equatable, Sendable, BitwiseCopyable {
        public var region = RegionID.none
        /// Of its region's new work, 10,000ths.
        public var share: UInt16 = 0
        /// Endpoints that could be chosen.
        public var availableCount: UInt32 = 0
        public init() {}
    }

    public struct Region: Equatable, Sendable, BitwiseCopyable {
        /// 0: it was not there.
        public var capacity: UInt32 = 0
        public var keptShare: UInt16 = 10_000
        public var band = RegionSet.empty
        public init() {}
    }

    public var cells: [Cell]
    public var regions: [Region]

    /// Nothing was there.
    public init(regionCount: Int, cellCount: Int) {
        cells = Array(repeating: Cell(), count: cellCount)
        regions = Array(repeating: Region(), count: regionCount)
    }

    /// All as the snapshot has it, under its ids.
    public init(_ snapshot: Snapshot) {
        self.init(regionCount: snapshot.regions.count, cellCount: snapshot.cells.count)
        for index in cells.indices where snapshot.cells[index].isPresent {
            let cell = snapshot.cells[index]
            (cells[index].region, cells[index].share) = (cell.region, cell.share)
            cells[index].availableCount = cell.available.count
        }
        for index in regions.indices where snapshot.regions[index].isPresent {
            let region = snapshot.regions[index]
            (regions[index].capacity, regions[index].keptShare) = (region.capacity, region.keptShare)
            regions[index].band = region.band
        }
    }

    func cell(_ id: CellID) -> Cell { id.index < cells.count ? cells[id.index] : Cell() }
    func region(_ id: Int) -> Region { id < regions.count ? regions[id] : Region() }

    /// Whoever could have been chosen with that region where turns of a band decided: all of every band it is in.
    func rivals(of region: RegionID) -> RegionSet {
        var rivals = RegionSet.empty
        if region.rawValue < RegionSet.capacity { rivals.insert(region) }
        for (index, head) in regions.enumerated() where head.band.contains(region) || index == region.index {
            rivals.bits |= head.band.bits
            rivals.insert(RegionID(rawValue: UInt16(truncatingIfNeeded: index)))
        }
        return rivals
    }
}
