import HTTP2
import Model
import Policy

/// Records for the log and for events, written to the worker's ring.
extension Worker {
    /// The exchange has ended.
    func record(_ exchange: ExchangeRef) {
        let record = summary(of: exchange, .request)
        switch logging {
        case .texts: write(record, exchange)
        case .numbers:
            shared.ring.write(byteCount: MemoryLayout<RequestRecord>.size) {
                $0.storeBytes(of: record, as: RequestRecord.self)
            }
        }
    }

    /// The exchange left the region it asked for.
    func recordFallback(_ exchange: ExchangeRef) { write(summary(of: exchange, .regionFallback), exchange) }

    /// A session left its cell.
    func recordSessionMove(_ exchange: ExchangeRef) {
        var record = summary(of: exchange, .sessionMoved)
        record.movedFrom = exchange.pointee.decision.movedFrom
        record.isMovedByDrain = exchange.pointee.decision.isMovedByDrain
        shared.ring.write(byteCount: MemoryLayout<RequestRecord>.size) {
            $0.storeBytes(of: record, as: RequestRecord.self)
        }
    }

    func summary(of exchange: ExchangeRef, _ kind: RequestRecord.Kind) -> RequestRecord {
        var record = RequestRecord()
        let decision = exchange.pointee.decision
        record.kind = kind
        record.method = exchange.pointee.method
        record.reason = decision.reason
        record.error = exchange.pointee.error
        record.listener = exchange.pointee.listener
        record.attemptCount = exchange.pointee.attempts
        record.status = exchange.pointee.status
        (record.route, record.region, record.cell) = (decision.route, decision.region, decision.cell)
        record.wantedRegion = decision.wantedRegion
        record.endpoints = exchange.pointee.trail.endpoints
        record.attemptErrors = exchange.pointee.trail.errors
        record.attemptWhys = exchange.pointee.trail.whys
        record.generation = exchange.pointee.generation
        record.decision = exchange.pointee.firstDecision
        record.startedAt = exchange.pointee.startedAt.nanoseconds &+ wallOffset
        record.durationMicroseconds = UInt32(clamping: now.nanoseconds(since: exchange.pointee.startedAt) / 1_000)
        if exchange.pointee.headAt > .zero {
            let wait = exchange.pointee.headAt.nanoseconds(since: exchange.pointee.sentAt)
            record.upstreamMicroseconds = UInt32(clamping: wait / 1_000)
        }
        record.bytesIn = exchange.pointee.bytesIn
        record.bytesOut = exchange.pointee.bytesOut
        exchange.pointee.downstream._withUnsafeGuaranteedRef { connection in
            record.client = connection.peer.address
            record.clientPort = connection.peer.port
        }
        return record
    }

    func write(_ summary: RequestRecord, _ exchange: ExchangeRef) {
        let head = exchange.pointee.requestHead
        let tenant = exchange.pointee.tenant
        let requestID = head.value(of: .requestID)
        let xRegion = exchange.pointee.xRegion
        let path = head.value(of: .path)
        let named = head.value(of: .authority)
        let authority = named.isAbsent ? head.value(of: .host) : named
        var record = summary
        record.requestIDCount = UInt16(clamping: requestID.count)
        record.authorityCount = UInt16(clamping: authority.count)
        record.pathCount = UInt16(clamping: path.count)
        record.tenantCount = UInt16(clamping: tenant.count)
        record.xRegionCount = UInt16(clamping: xRegion.count)
        let size = MemoryLayout<RequestRecord>.size
        shared.ring.write(byteCount: size + record.textCount) { room in
            room.storeBytes(of: record, as: RequestRecord.self)
            var rest = UnsafeMutableRawBufferPointer(rebasing: room[size...])
            for index in 0..<5 {
                let text =
                    index == 0
                    ? requestID : index == 1 ? authority : index == 2 ? path : index == 3 ? tenant : xRegion
                let part = text.prefix(Int(UInt16.max)).raw
                rest.copyMemory(from: part)
                rest = UnsafeMutableRawBufferPointer(rebasing: rest[part.count...])
            }
        }
    }
}

extension DecisionRecord {
    /// - Parameter session: as the decision left it.
    init(_ decision: Decision, _ session: SessionReading, generation: UInt64) {
        self.init()
        self.generation = generation
        (region, cell, endpoint) = (decision.region, decision.cell, decision.endpoint)
        (reason, letGo, nearest) = (decision.reason, decision.letGo, decision.nearest)
        (key, isKeyed, hold) = (session.key.value, session.isKeyed, session.asked)
    }
}
