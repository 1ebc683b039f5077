import Model
import Policy

/// The file's pins by name, for whoever pages through them. Making it sorts them all; a page takes a few steps then.
struct TenantDirectory: Sendable {
    private let pins: [Configuration.Pin]
    /// Places in `pins`, by tenant.
    private let order: [UInt32]

    init(_ pins: [Configuration.Pin]) {
        self.pins = pins
        order = (0..<UInt32(pins.count)).sorted { pins[Int($0)].tenant < pins[Int($1)].tenant }
    }

    /// So many tenants after that name, an operator's pin before the file's.
    func page(
        after: String?, limit: Int, over said: [OperatorPin]
    ) -> [(pin: Configuration.Pin, said: OperatorPin?)] {
        let names = Set(said.map(\.pin.tenant))
        var found: [(pin: Configuration.Pin, said: OperatorPin?)] = []
        for place in order[firstPlace(after: after)...] {
            if found.count == limit { break }
            let pin = pins[Int(place)]
            if !names.contains(pin.tenant) { found.append((pin, nil)) }
        }
        let others = said.filter { said in after.map { said.pin.tenant > $0 } ?? true }
        found += others.sorted { $0.pin.tenant < $1.pin.tenant }.prefix(limit).map { ($0.pin, $0) }
        return Array(found.sorted { $0.pin.tenant < $1.pin.tenant }.prefix(limit))
    }

    private func firstPlace(after name: String?) -> Int {
        guard let name else { return 0 }
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if pins[Int(order[middle])].tenant > name { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
