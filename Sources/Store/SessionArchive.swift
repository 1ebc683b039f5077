import Model

/// The session table as bytes that mean the same in the next process: places by name, and a checksum at the end.
///
///     title 8 │ key check 8 │ regions │ cells │ entries │ checksum 8        lists: count 4, then their elements
///     region: length 2, name │ cell: region 2, length 2, name │ entry: key 16, region 2, cell 2, seen 4, made 4
struct SessionArchive {
    /// "portses" and the version.
    private static let title: UInt64 = 0x0173_6573_7472_6F70

    let snapshot: Snapshot
    let hashKey: SipHash.Key

    /// What it says of the key without telling it: keys of sessions mean nothing under another one.
    private var keyCheck: UInt64 { SipHash.hash("portolan sessions", key: hashKey) }

    // MARK: Writing

    /// The sessions that have not run out, and how many each cell holds.
    func encode(_ table: SessionTable, nowSeconds: UInt32) -> (bytes: [UInt8], counts: [CellID: Int]) {
        var bytes: [UInt8] = []
        SessionArchive.append(SessionArchive.title, to: &bytes)
        SessionArchive.append(keyCheck, to: &bytes)
        SessionArchive.append(UInt32(snapshot.regions.count), to: &bytes)
        for index in snapshot.regions.indices {
            SessionArchive.append(snapshot.name(of: RegionID(rawValue: UInt16(index))), to: &bytes)
        }
        SessionArchive.append(UInt32(snapshot.cells.count), to: &bytes)
        for index in snapshot.cells.indices {
            SessionArchive.append(snapshot.cells[index].region.rawValue, to: &bytes)
            SessionArchive.append(snapshot.name(of: CellID(rawValue: UInt16(index))), to: &bytes)
        }
        let place = bytes.count
        SessionArchive.append(UInt32(0), to: &bytes)
        var counts: [CellID: Int] = [:]
        var count: UInt32 = 0
        let rules = snapshot.sessions
        table.visit { key, hold, lastSeen, created in
            guard SessionArchive.isLive(lastSeen, created, nowSeconds, rules) else { return }
            counts[hold.cell, default: 0] += 1
            count += 1
            SessionArchive.append(key.low, to: &bytes)
            SessionArchive.append(key.high, to: &bytes)
            SessionArchive.append(hold.region.rawValue, to: &bytes)
            SessionArchive.append(hold.cell.rawValue, to: &bytes)
            SessionArchive.append(lastSeen, to: &bytes)
            SessionArchive.append(created, to: &bytes)
        }
        withUnsafeBytes(of: count.littleEndian) { number in
            for index in 0..<4 { bytes[place + index] = number[index] }
        }
        SessionArchive.append(SessionArchive.checksum(bytes[...]), to: &bytes)
        return (bytes, counts)
    }

    private static func isLive(_ lastSeen: UInt32, _ created: UInt32, _ now: UInt32, _ rules: SessionRules) -> Bool {
        let (idle, age) = (now > lastSeen ? now - lastSeen : 0, now > created ? now - created : 0)
        return idle <= rules.idleSeconds && age <= rules.lifeSeconds
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func append(_ name: String, to bytes: inout [UInt8]) {
        append(UInt16(clamping: name.utf8.count), to: &bytes)
        bytes.append(contentsOf: name.utf8.prefix(Int(UInt16.max)))
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.withUnsafeBytes { SipHash.hash(ByteView($0), key: .zero) }
    }

    // MARK: Reading

    /// Fills the table; nil when the bytes are damaged, or of another version, or of another key.
    func decode(_ bytes: [UInt8], into table: SessionTable) -> (restored: Int, dropped: Int)? {
        guard bytes.count >= 28, let stored = SessionArchive.Reading(bytes.suffix(8)).number(UInt64.self),
            SessionArchive.checksum(bytes.dropLast(8)) == stored
        else { return nil }
        let reading = SessionArchive.Reading(bytes.dropLast(8))
        guard reading.number(UInt64.self) == SessionArchive.title, reading.number(UInt64.self) == keyCheck,
            let names = reading.names(), let cells = reading.cells(), let count = reading.number(UInt32.self)
        else { return nil }
        let regionIDs = names.map(region(named:))
        let cellIDs = cells.map { cell -> CellID in
            guard cell.region < names.count else { return .none }
            return self.cell(named: cell.name, in: regionIDs[cell.region])
        }
        var (restored, dropped) = (0, 0)
        for _ in 0..<count {
            guard let low = reading.number(UInt64.self), let high = reading.number(UInt64.self),
                let region = reading.number(UInt16.self), let cell = reading.number(UInt16.self),
                let lastSeen = reading.number(UInt32.self), let created = reading.number(UInt32.self)
            else { return nil }
            guard region < regionIDs.count, cell < cellIDs.count, cellIDs[Int(cell)] != .none else {
                dropped += 1
                continue
            }
            let hold = SessionHold(region: regionIDs[Int(region)], cell: cellIDs[Int(cell)])
            table.restore(SessionKey(low: low, high: high), hold, lastSeen: lastSeen, created: created)
            restored += 1
        }
        return (restored, dropped)
    }

    private func region(named name: String) -> RegionID {
        for index in snapshot.regions.indices where snapshot.regions[index].isPresent {
            let id = RegionID(rawValue: UInt16(index))
            if snapshot.name(of: id) == name { return id }
        }
        return .none
    }

    private func cell(named name: String, in region: RegionID) -> CellID {
        guard region != .none else { return .none }
        for place in snapshot.regions[region.index].cells.indices {
            let id = snapshot.cellLists[place]
            if snapshot.name(of: id) == name { return id }
        }
        return .none
    }

    /// The bytes from the front.
    private final class Reading {
        private var rest: ArraySlice<UInt8>
        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
            let count = MemoryLayout<Number>.size
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(as: Number.self)) }
        }

        func name() -> String? {
            guard let count = number(UInt16.self), rest.count >= Int(count) else { return nil }
            defer { rest = rest.dropFirst(Int(count)) }
            return String(decoding: rest.prefix(Int(count)), as: UTF8.self)
        }

        func names() -> [String]? {
            guard let count = number(UInt32.self), count <= RegionSet.capacity else { return nil }
            var names: [String] = []
            for _ in 0..<count {
                guard let name = name() else { return nil }
                names.append(name)
            }
            return names
        }

        func cells() -> [(region: Int, name: String)]? {
            guard let count = number(UInt32.self), count <= UInt16.max else { return nil }
            var cells: [(region: Int, name: String)] = []
            for _ in 0..<count {
                guard let region = number(UInt16.self), let name = name() else { return nil }
                cells.append((Int(region), name))
            }
            return cells
        }
    }
}
