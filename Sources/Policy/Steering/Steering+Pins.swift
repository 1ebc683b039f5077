public import Model

/// Operators' pins of tenants over those of the file.
extension Steering {
    /// Operators' pins at most: each change of one makes a table of them all, and an access log tells them. The file
    /// takes a million.
    public static let mostPins = 100_000

    /// - Throws: there is no room for a pin of a tenant that no operator pinned yet.
    public func checkRoom(forPinOf tenant: String) throws(OperatorRefusal) {
        if pins.count < Steering.mostPins || operatorPin(of: tenant) != nil { return }
        throw OperatorRefusal(
            .tooManyPins,
            "operators have pinned \(pins.count) tenants, and \(Steering.mostPins) are the most: move them into the "
                + "file that tenants.pins_file names, reload, and unpin them here")
    }

    /// Replaces the operators' pin of that tenant. Regions and jurisdictions must be configured ones: what no region
    /// has stands for nothing, and the tenant would be refused everywhere.
    public mutating func pin(_ new: OperatorPin) -> [Action] {
        if let place = pins.firstIndex(where: { $0.pin.tenant == new.pin.tenant }) {
            pins[place] = new
        } else {
            pins.append(new)
        }
        let home = "home \(new.pin.home), residency \(builder.complete(new.pin).residency.joined(separator: ", "))"
        let cause = "\(home), \(Words.why(new.who, new.reason))"
        return repin(.event(.tenantPinned, subject: new.pin.tenant, cause: cause))
    }

    /// Back to the file's pin, where it has one.
    public mutating func unpin(tenant: String, reason: String, who: String) -> [Action] {
        pins.removeAll { $0.pin.tenant == tenant }
        let rest = pin(of: tenant).map { "back to the file's home \($0.home)" } ?? "no pin is left"
        return repin(.event(.tenantUnpinned, subject: tenant, cause: "\(rest), \(Words.why(who, reason))"))
    }

    private mutating func repin(_ told: Action) -> [Action] {
        builder.pin(pins.map(\.pin))
        isStale = true
        news.append(told)
        var actions: [Action] = []
        publish(into: &actions)
        return actions
    }

    /// With the jurisdiction of its home where it names none.
    public func complete(_ pin: Configuration.Pin) -> Configuration.Pin { builder.complete(pin) }

    public func operatorPin(of tenant: String) -> OperatorPin? { pins.first { $0.pin.tenant == tenant } }

    /// Where the tenant belongs, by an operator's word, else the file's; nil: nobody pinned it.
    public func pin(of tenant: String) -> Configuration.Pin? {
        if let said = operatorPin(of: tenant) { return builder.complete(said.pin) }
        let found = Array(tenant.utf8).withUnsafeBytes { snapshot.pins.find(ByteView($0)) }
        guard let found else { return nil }
        let names = builder.plan.jurisdictions
        let residency = names.indices.filter { found.jurisdictions & (1 << UInt64($0)) != 0 }.map { names[$0] }
        return Configuration.Pin(tenant: tenant, home: snapshot.name(of: found.home), residency: residency)
    }

    /// The table of a configuration's pins, for `adopt`: a million take a second, which whoever watches health must not
    /// wait for. Any thread, on a copy.
    public func pinned(for configuration: Configuration) -> PinnedTenants {
        var registry = registry
        // One that uses the ids up is refused by `adopt`, whatever is prepared.
        try? registry.admit(configuration)
        return PinnedTenants(configuration, registry, snapshot.hashKey, reusing: builder.pinned)
    }
}
