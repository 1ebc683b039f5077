/// A worker's connections by token. A slot's generation grows with each use, so an event that comes late finds nothing.
struct ConnectionTable {
    private var slots: [(connection: Connection?, generation: UInt32)] = []
    private var free: [Int] = []

    /// A token for a connection that is about to be made.
    mutating func reserve() -> UInt64 {
        if free.isEmpty {
            free.append(slots.count)
            slots.append((nil, 0))
        }
        let index = free.removeLast()
        slots[index].generation &+= 1
        return Token(.connection, index: index, generation: slots[index].generation).bits
    }

    mutating func insert(_ connection: Connection) { slots[Token(connection.token).index].connection = connection }

    func find(_ token: UInt64) -> Connection? {
        let token = Token(token)
        guard token.index < slots.count, slots[token.index].generation & 0xFF_FFFF == token.generation else {
            return nil
        }
        return slots[token.index].connection
    }

    mutating func remove(_ token: UInt64) {
        guard find(token) != nil else { return }
        slots[Token(token).index].connection = nil
        free.append(Token(token).index)
    }

    var all: [Connection] { slots.compactMap(\.connection) }
}
