import Model
import Policy

/// Why a request would go where it goes, by the code that decides real ones.
extension Controller {
    /// As if it came from a source that is trusted with everything, to a worker without load. What only a connection or
    /// a worker knows (a client's certificate, where a session is held) the answer's text names as unknown.
    /// - Parameters:
    ///   - path: with its query.
    ///   - headers: names in any case.
    public func explain(
        method: String, authority: String?, path: String, headers: [(name: String, value: String)]
    ) -> Status.Explanation {
        let snapshot = snapshot
        var arena = ByteArena()
        let method = arena.add(method)
        let place = (authority: authority.map { arena.add($0) }, path: arena.add(path))
        let host = arena.addLowercase(authority ?? "")
        let fields = headers.map { (name: arena.addLowercase($0.name), value: arena.add($0.value)) }
        return arena.bytes.withUnsafeBytes { bytes in
            func view(_ range: Range<Int>) -> ByteView { ByteView(UnsafeRawBufferPointer(rebasing: bytes[range])) }
            let facts = RequestFacts(
                method: Method(view(method)), authority: place.authority.map(view) ?? .absent, path: view(place.path))
            return explain(
                AskedRequest(
                    facts, host: view(host),
                    fields: fields.map { HeaderFields.Field(name: view($0.name), value: view($0.value)) }), snapshot)
        }
    }

    private func explain(_ described: AskedRequest, _ snapshot: Snapshot) -> Status.Explanation {
        var request = described
        guard request.readTenant(snapshot) else {
            return Status.Explanation(.tenantConflict, snapshot, unknown: request.unknown(snapshot))
        }
        return request.fields.withUnsafeBufferPointer { fields in
            request.facts.headers = HeaderFields(base: fields.baseAddress, count: fields.count)
            let route = route(of: request.facts, snapshot)
            if route != .none { request.readKey(of: snapshot.routes[route.index], snapshot) }
            var state = DecisionState(seed: snapshot.generation)
            state.prepare(for: snapshot)
            let said = Policy.explain(request.facts, route: route, snapshot, &state, now: clock.now())
            return Status.Explanation(said, snapshot, unknown: request.unknown(snapshot))
        }
    }
}

extension Status.Explanation {
    fileprivate init(_ said: Explanation, _ snapshot: Snapshot, unknown: [String]) {
        let decision = said.decision
        let isServed = !decision.isRefused
        self.init(
            generation: snapshot.generation, route: snapshot.name(of: decision.route),
            region: isServed ? snapshot.name(of: decision.region) : nil,
            cell: isServed ? snapshot.name(of: decision.cell) : nil,
            endpoint: isServed ? snapshot.name(of: decision.endpoint) : nil, reason: decision.reason.name,
            status: isServed ? nil : Int(decision.status),
            stages: said.steps.map { step in
                Status.Stage(
                    stage: step.stage.rawValue, name: step.stage.name, left: step.left.map { snapshot.name(of: $0) },
                    lost: step.lost.map { Status.Candidate(snapshot.name(of: $0.region), $0.loss) })
            },
            cells: said.cells.map { Status.Candidate(snapshot.name(of: $0.cell), $0.loss) },
            endpoints: said.endpoints.map { Status.Candidate(snapshot.name(of: $0.endpoint), $0.loss) },
            text: said.text(snapshot, unknown: unknown))
    }
}

extension Status.Candidate {
    fileprivate init(_ name: String, _ loss: Loss?) { self.init(name: name, lost: loss?.rawValue, why: loss?.text) }
}
