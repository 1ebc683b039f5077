import HTTP2
import Model
import Policy
import Wire

/// Makes a client's head fit to go on: removes what only the edge or a trusted source may say, adds who forwarded it
/// (interfaces.md, Request and response headers). Order and duplicates of all else stay.
struct RequestHead {
    /// What the edge itself needs to know of the head.
    struct Facts {
        var method = Method.get
        var authority = ByteView.absent
        var path = ByteView.absent
        var xRegion = ByteView.absent
        /// The tenant header of a source that may set it.
        var tenant = TenantField()
        var isGRPC = false
        /// `x-region` was there and its sender may not set it.
        var removedXRegion = false
        /// The tenant header was there and its sender may not set it.
        var removedTenant = false
        /// This edge has seen the request before, or more than two have (508).
        var isLoop = false
        /// CONNECT and what else cannot be forwarded.
        var isUnsupported = false
        var tokens = OfferedTokens()
    }

    /// Marks our entries in `via`, so that other proxies' are not counted as edges (RFC 9110 §7.6.3, comment).
    static var viaComment: ByteView { " (portolan)" }
    static let maxEdges = 2

    let trust: ConnectionTrust
    let client: ByteView
    let scheme: ByteView
    /// `2.0 NAME (portolan)`.
    let via: ByteView
    let edgeName: ByteView
    /// Lower case; empty: no header names tenants.
    let tenantHeader: ByteView

    /// Where a field that is merged or kept stands; −1: it was not there.
    private struct Places {
        var via = -1
        var forwardedFor = -1
        var proto = -1
        var requestID = -1
        var traceparent = -1
        var host = -1
    }

    /// Rewrites the head in place and says what it holds.
    func rewrite(_ block: HeaderBlock, identity: RequestIdentity) -> Facts {
        var facts = Facts()
        var places = Places()
        var index = 0
        while index < block.count {
            if isRemoved(block, index, &facts) {
                block.remove(at: index)
            } else {
                note(block, index, &facts, &places)
                index += 1
            }
        }
        if places.host >= 0 {
            if facts.authority.isAbsent { facts.authority = block.value(places.host) } else { remove(block, &places) }
        }
        appendForwarding(block, places, identity, &facts)
        return facts
    }

    private func isRemoved(_ block: HeaderBlock, _ index: Int, _ facts: inout Facts) -> Bool {
        switch block.token(index) {
        case .portolan:
            noteToken(block, index, &facts)
            return true
        case .cookie: return SessionCookie.take(from: block, at: index, &facts.tokens.cookie)
        case .requestID where block.value(index).isEmpty: return true
        case .xRegion:
            if !trust.xRegion { facts.removedXRegion = true }
            return !trust.xRegion
        case .forwarded, .forwardedFor, .forwardedProto, .forwardedHost, .requestID, .traceparent:
            return !trust.isTrusted
        case .other where block.name(index).equals(tenantHeader):
            if !trust.tenant { facts.removedTenant = true }
            // One that is empty names nobody, and must not stand beside ours.
            return !trust.tenant || block.value(index).isEmpty
        default: return false
        }
    }

    /// The session's token is the edge's alone: kept for it, and removed like the others.
    private func noteToken(_ block: HeaderBlock, _ index: Int, _ facts: inout Facts) {
        guard facts.tokens.header.isAbsent, block.name(index).equals(Worker.sessionHeader) else { return }
        facts.tokens.header = block.keep(block.value(index), upTo: SessionToken.textCount + 1)
    }

    private func note(_ block: HeaderBlock, _ index: Int, _ facts: inout Facts, _ places: inout Places) {
        switch block.token(index) {
        case .method:
            facts.method = Method(block.value(index))
            facts.isUnsupported = facts.method == .connect
        case .authority: facts.authority = block.value(index)
        case .path: facts.path = block.value(index)
        case .xRegion: facts.xRegion = block.value(index)
        case .host: places.host = index
        case .contentType: facts.isGRPC = block.value(index).hasPrefix("application/grpc")
        case .via: places.via = index
        case .forwardedFor: places.forwardedFor = index
        case .forwardedProto: places.proto = index
        case .requestID: places.requestID = index
        case .traceparent: places.traceparent = index
        // What its sender may not say is gone by now.
        case .other where block.name(index).equals(tenantHeader): facts.tenant.add(block.value(index))
        default: break
        }
    }

    /// `host` beside `:authority` is dropped: one of them must win, and backends differ in which (RFC 9113 §8.3.1).
    private func remove(_ block: HeaderBlock, _ places: inout Places) {
        let host = places.host
        block.remove(at: host)
        func moved(_ place: Int) -> Int { place > host ? place - 1 : place }
        places.via = moved(places.via)
        places.forwardedFor = moved(places.forwardedFor)
        places.proto = moved(places.proto)
        places.requestID = moved(places.requestID)
        places.traceparent = moved(places.traceparent)
        places.host = -1
    }

    /// No `x-forwarded-host`: the authority goes on unchanged, and says the same.
    private func appendForwarding(
        _ block: HeaderBlock, _ places: Places, _ identity: RequestIdentity, _ facts: inout Facts
    ) {
        if places.via >= 0 {
            facts.isLoop = isLoop(block)
            extend(block, places.via, with: via)
        } else {
            block.append("via", .via, literal: via)
        }
        if !client.isEmpty {
            if places.forwardedFor >= 0 {
                extend(block, places.forwardedFor, with: client)
            } else {
                block.append("x-forwarded-for", .forwardedFor, copying: client)
            }
        }
        if places.proto < 0 { block.append("x-forwarded-proto", .forwardedProto, literal: scheme) }
        identity.append(to: block, hasRequestID: places.requestID >= 0, hasTraceparent: places.traceparent >= 0)
    }

    /// Appends to a list field where it stands.
    private func extend(_ block: HeaderBlock, _ index: Int, with element: ByteView) {
        let old = block.value(index)
        let bytes = block.allocate(old.count + 2 + element.count)
        if let base = old.base { bytes.update(from: base, count: old.count) }
        bytes[old.count] = 44  // ','
        bytes[old.count + 1] = 32
        if let base = element.base { (bytes + old.count + 2).update(from: base, count: element.count) }
        block.replace(index, held: ByteView(base: bytes, count: old.count + 2 + element.count))
    }

    private func isLoop(_ block: HeaderBlock) -> Bool {
        var edges = 0
        for index in 0..<block.count where block.token(index) == .via {
            var rest = block.value(index)
            while !rest.isEmpty {
                let end = rest.firstIndex(of: 44) ?? rest.count
                let element = trimmed(rest.prefix(end))
                rest = rest.dropFirst(end + 1)
                guard element.hasSuffix(RequestHead.viaComment) else { continue }
                edges += 1
                if element.dropLast(RequestHead.viaComment.count).hasSuffix(edgeName) { return true }
            }
        }
        return edges > RequestHead.maxEdges
    }

    /// Without the blanks that may stand before the next comma.
    private func trimmed(_ element: ByteView) -> ByteView {
        var element = element
        while let last = element.isEmpty ? nil : element[element.count - 1], last == 32 || last == 9 {
            element = element.dropLast(1)
        }
        return element
    }
}

extension ByteView {
    func dropLast(_ count: Int) -> ByteView { prefix(max(0, self.count - count)) }
    func hasSuffix(_ other: ByteView) -> Bool { count >= other.count && dropFirst(count - other.count).equals(other) }
}
