import HTTP2
import Model
import Wire

/// The way of an answer back to the client.
extension Worker {
    func responseHeadReceived(_ head: ReceivedHead, on connection: UpstreamConnection) {
        if ExchangeTable.isRival(head.tag) {
            let isAnswer = exchanges.find(head.tag).map { rivalAnswers($0, head, on: connection) } ?? false
            guard isAnswer else { return headerBlocks.give(back: head.block) }
        }
        guard let exchange = exchanges.find(head.tag), exchange.pointee.upstreamStream == head.stream,
            exchange.pointee.upstream?.toOpaque() == Unmanaged.passUnretained(connection).toOpaque()
        else { return headerBlocks.give(back: head.block) }
        switch head.kind {
        case .informational: inform(exchange, head.block)
        case .response: respond(exchange, head)
        case .trailers:
            if let old = exchange.pointee.responseTrailers { headerBlocks.give(back: old) }
            removeInternal(head.block)
            exchange.pointee.responseTrailers = head.block
        case .request: headerBlocks.give(back: head.block)
        }
    }

    /// 1xx: passed on as it came (RFC 9110 §15.2); `100 Continue` is the backend's to say.
    private func inform(_ exchange: ExchangeRef, _ block: HeaderBlock) {
        removeInternal(block)
        let stream = exchange.pointee.downstreamStream
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.inform(stream, block) }
    }

    private func respond(_ exchange: ExchangeRef, _ head: ReceivedHead) {
        guard !head.isTooLarge else {
            headerBlocks.give(back: head.block)
            return failed(exchange, ExchangeError(.upstream, .httpProtocolError, retry: .never, code: 0))
        }
        let status = Worker.status(of: head.block)
        if status == 421, exchange.pointee.decision.isWrite {
            misdirected(exchange, head.block)
            return headerBlocks.give(back: head.block)
        }
        if retries(exchange, insteadOf: status) { return headerBlocks.give(back: head.block) }
        endHedge(exchange)
        exchange.pointee.phase = .answering
        exchange.pointee.headAt = now
        exchange.pointee.progressAt = now
        exchange.pointee.deadline = exchange.pointee.totalDeadline
        exchange.pointee.status = status
        dropReplay(exchange)
        if !head.isEnd { exchange.pointee.requestIsTorn = true }
        removeInternal(head.block)
        exposeDecision(exchange, in: head.block)
        if exchange.pointee.session.answer != .none { answerSession(exchange, in: head.block) }
        if head.isEnd { finishReceiving(exchange) }
        send(exchange, head.block, isEnd: head.isEnd)
    }

    /// Hands the head of an answer to the client's session.
    func send(_ exchange: ExchangeRef, _ block: HeaderBlock, isEnd: Bool) {
        countResponse(exchange.pointee.status)
        if exchange.pointee.changesResponse { changeResponse(exchange, block) }
        let stream = exchange.pointee.downstreamStream
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.respond(stream, block, isEnd: isEnd) }
    }

    static func status(of block: HeaderBlock) -> UInt16 {
        let text = block.value(0)
        var status: UInt16 = 0
        for index in 0..<min(3, text.count) { status = status &* 10 &+ UInt16(text[index] &- 48) }
        return status
    }

    /// `x-portolan-*` is between edges and backends: no client says it, and none is told.
    func removeInternal(_ block: HeaderBlock) {
        var index = 0
        while index < block.count {
            if block.token(index) == .portolan { block.remove(at: index) } else { index += 1 }
        }
    }

    /// Who served it, where the configuration says that clients may know.
    func exposeDecision(_ exchange: ExchangeRef, in block: HeaderBlock) {
        let decision = exchange.pointee.decision
        snapshot._withUnsafeGuaranteedRef { snapshot in
            guard snapshot.exposesDecision else { return }
            if decision.region.index < snapshot.regions.count {
                let name = snapshot.view(snapshot.regions[decision.region.index].name)
                block.append("x-portolan-region", copying: name)
            }
            if decision.cell.index < snapshot.cells.count {
                block.append("x-portolan-cell", copying: snapshot.view(snapshot.cells[decision.cell.index].name))
            }
            block.append("x-portolan-reason", literal: decision.reason.bytes)
        }
    }

    private func countResponse(_ status: UInt16) {
        switch status / 100 {
        case 1: counters.responses.0 += 1
        case 2: counters.responses.1 += 1
        case 3: counters.responses.2 += 1
        case 4: counters.responses.3 += 1
        default: counters.responses.4 += 1
        }
    }

    // MARK: Its body

    func responseBodyReceived(_ bytes: UnsafeRawBufferPointer, _ tag: StreamTag) {
        counters.bytesOut += UInt64(bytes.count)
        guard let exchange = exchanges.find(tag) else { return }
        if exchange.pointee.responseBody.isEmpty { exchange.pointee.progressAt = now }
        exchange.pointee.responseBody.append(bytes, from: blockPool)
        resumeDownstream(exchange)
    }

    func responseEnded(_ tag: StreamTag) {
        guard let exchange = exchanges.find(tag), !exchange.pointee.responseEnded else { return }
        finishReceiving(exchange)
        resumeDownstream(exchange)
    }

    /// Nothing more comes from the endpoint: only what is held still needs budget.
    func finishReceiving(_ exchange: ExchangeRef) {
        exchange.pointee.responseEnded = true
        let excess = exchange.pointee.reserved - exchange.pointee.responseBody.count
        if excess > 0 { releaseBudget(exchange, excess) }
    }

    func releaseBudget(_ exchange: ExchangeRef, _ byteCount: Int) {
        let count = min(byteCount, exchange.pointee.reserved)
        exchange.pointee.reserved -= count
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.release(count) }
    }

    private func resumeDownstream(_ exchange: ExchangeRef) {
        guard exchange.pointee.responseIsAwaited else { return }
        exchange.pointee.responseIsAwaited = false
        let stream = exchange.pointee.downstreamStream
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.resume(stream) }
    }

    func responseBodyReady(_ tag: StreamTag) -> BodySupply {
        guard let exchange = exchanges.find(tag) else { return BodySupply(count: 0, isFinal: false) }
        exchange.pointee.responseIsAwaited = exchange.pointee.responseBody.isEmpty
        if let code = exchange.pointee.breakOff, exchange.pointee.responseBody.isEmpty {
            let stream = exchange.pointee.downstreamStream
            exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.reset(stream, code) }
        }
        return BodySupply(
            count: exchange.pointee.responseBody.count, isFinal: exchange.pointee.responseEnded,
            trailers: exchange.pointee.responseTrailers)
    }

    /// Moves octets of the answer to the client, and gives the endpoint as much of its window back.
    func responseBodyTaken(_ tag: StreamTag, into target: UnsafeMutableRawPointer, count: Int) -> Bool {
        guard let exchange = exchanges.find(tag), exchange.pointee.responseBody.count >= count else { return false }
        exchange.pointee.responseBody.remove(
            into: UnsafeMutableRawBufferPointer(start: target, count: count), to: blockPool)
        exchange.pointee.bytesOut += UInt64(count)
        exchange.pointee.progressAt = now
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.drained(count) }
        if exchange.pointee.responseEnded {
            releaseBudget(exchange, count)
        } else {
            creditUpstream(exchange, count)
        }
        return true
    }

    private func creditUpstream(_ exchange: ExchangeRef, _ count: Int) {
        guard let upstream = exchange.pointee.upstream else { return }
        let stream = exchange.pointee.upstreamStream
        upstream._withUnsafeGuaranteedRef { $0.credit(stream, count) }
        exchange.pointee.windowDrained += count
        if exchange.pointee.windowDrained >= exchange.pointee.window { growWindow(exchange) }
    }

    /// A client that drains gets more in flight, as far as its budget goes: what a long distance needs.
    private func growWindow(_ exchange: ExchangeRef) {
        exchange.pointee.windowDrained = 0
        let window = exchange.pointee.window
        guard window < limits.upstreamStreamWindowMaxBytes, let upstream = exchange.pointee.upstream else { return }
        let isReserved = exchange.pointee.downstream._withUnsafeGuaranteedRef {
            $0.waiting.isEmpty && $0.reserve(window)
        }
        guard isReserved else { return }
        exchange.pointee.reserved += window
        exchange.pointee.window = window * 2
        let stream = exchange.pointee.upstreamStream
        upstream._withUnsafeGuaranteedRef { $0.setWindow(of: stream, window * 2) }
    }

    /// All of the answer has left. The client need not finish its request (RFC 9113 §8.1), but telling it so at once
    /// makes some, curl among them, throw the answer away: it has a moment to end by itself.
    func responseSent(_ tag: StreamTag) {
        guard let exchange = exchanges.find(tag), !exchange.pointee.requestEnded else { return }
        exchange.pointee.isLingering = true
        exchange.pointee.deadline = now.advanced(milliseconds: Exchange.lingerMilliseconds)
    }

    /// The client goes on and on with a request that is answered.
    func stopLingering(_ exchange: ExchangeRef) {
        let stream = exchange.pointee.downstreamStream
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.reset(stream, .noError) }
    }
}
