import Model
import Policy

/// What is still going on in each cell: what somebody waits for who took a cell out.
extension Worker {
    /// Open exchanges by the raw value of their cell's id. An exchange counts until the client's stream ends, whichever
    /// attempt it is at, and in each of the two cells of a hedged one; not once the edge answers by itself.
    func exchangesByCell() -> [UInt32] {
        var counts: [UInt32] = []
        func count(_ cell: CellID) {
            guard cell != .none else { return }
            while counts.count <= cell.index { counts.append(0) }
            counts[cell.index] += 1
        }
        exchanges.visit { exchange in
            guard !exchange.pointee.answeredByEdge else { return }
            let (cell, rival) = (exchange.pointee.decision.cell, exchange.pointee.rival)
            count(cell)
            if rival.isLive, rival.decision.cell != cell { count(rival.decision.cell) }
        }
        return counts
    }
}
