import Model
import Policy

/// Why a request would go where it goes, by the code that decides real ones.
extension Controller {
    /// As if it came from a source that is trusted with everything, on a session of its own, to a worker without load.
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
        let fields = headers.map { (name: arena.add($0.name.lowercased()), value: arena.add($0.value)) }
        return arena.bytes.withUnsafeBytes { bytes in
            func view(_ range: Range<Int>) -> ByteView { ByteView(UnsafeRawBufferPointer(rebasing: bytes[range])) }
            let views = fields.map { HeaderFields.Field(name: view($0.name), value: view($0.value)) }
            return views.withUnsafeBufferPointer { views in
                func value(_ name: ByteView) -> ByteView {
                    name.isEmpty ? .absent : views.first { $0.name.equals(name) }?.value ?? .absent
                }
                var facts = RequestFacts(
                    method: Method(view(method)), authority: place.authority.map(view) ?? .absent,
                    path: view(place.path), xRegion: value(ByteView("x-region")),
                    headers: HeaderFields(base: views.baseAddress, count: views.count))
                facts.tenant = value(snapshot.view(snapshot.tenants.header))
                let route = route(of: facts, snapshot)
                if route != .none {
                    let key = value(snapshot.view(snapshot.routes[route.index].hashBy))
                    facts.isKeyed = !key.isAbsent
                    if facts.isKeyed { facts.key = KeyHash(SipHash.hash(key, key: snapshot.hashKey)) }
                }
                var state = DecisionState(seed: snapshot.generation)
                state.prepare(for: snapshot)
                let said = Policy.explain(facts, route: route, snapshot, &state, now: clock.now())
                return Status.Explanation(said, snapshot)
            }
        }
    }
}

extension Status.Explanation {
    fileprivate init(_ said: Explanation, _ snapshot: Snapshot) {
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
            text: said.text(snapshot))
    }
}

extension Status.Candidate {
    fileprivate init(_ name: String, _ loss: Loss?) { self.init(name: name, lost: loss?.rawValue, why: loss?.text) }
}
