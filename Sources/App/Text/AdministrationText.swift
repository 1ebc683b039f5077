import ControlPlane

/// Tenants, datasets, tokens and keys for people.
enum AdministrationText {
    static func lines(_ tenants: [Status.Tenant], on screen: Screen = .plain) -> [String] {
        if tenants.isEmpty { return ["no tenants are pinned"] }
        var table = TextTable([
            .name("TENANT"), .name("HOME"), .text("RESIDENCY"), .name("SOURCE"), .text("BY"), .text("REASON"),
        ])
        for tenant in tenants {
            table.add([
                tenant.tenant, tenant.home, residency(tenant), tenant.source, tenant.who ?? "-", tenant.reason ?? "-",
            ])
        }
        return table.lines(on: screen)
    }

    static func lines(_ tenant: Status.Tenant, on screen: Screen = .plain) -> [String] {
        var rows = [("tenant", tenant.tenant), ("home", tenant.home), ("residency", residency(tenant))]
        if tenant.source == "file" {
            rows.append(("source", "the configuration's file"))
        } else {
            let time = tenant.setAt.map { " at \(Words.minute($0))" } ?? ""
            rows.append(("source", "pinned by \(tenant.who ?? "an operator")\(time)"))
        }
        if let reason = tenant.reason { rows.append(("reason", reason)) }
        return screen.facts(rows)
    }

    private static func residency(_ tenant: Status.Tenant) -> String {
        tenant.residency.isEmpty ? "anywhere" : tenant.residency.joined(separator: ", ")
    }

    static func lines(_ datasets: [Status.Dataset], on screen: Screen = .plain) -> [String] {
        if datasets.isEmpty { return ["no datasets are configured"] }
        var table = TextTable([
            .name("DATASET"), .name("OWNER"), .number("EPOCH"), .name("KNOWN FROM"),
        ])
        for dataset in datasets {
            let owner = dataset.owner ?? (dataset.mode == "multi" ? "every region" : "unknown")
            let source = dataset.source == "learnt" ? "a backend's answer" : "the file"
            table.add([dataset.name, owner, "\(dataset.epoch)", source])
        }
        return table.lines(on: screen) + ReplicationText.lines(datasets.flatMap(\.replication), on: screen)
    }

    static func lines(_ tokens: [Status.Token], on screen: Screen = .plain) -> [String] {
        if tokens.isEmpty { return ["no tokens; make one with `portolan token create --role viewer`"] }
        var table = TextTable([
            .name("ID"), .text("NAME"), .name("ROLE"), .name("STATE"), .name("EXPIRES"), .text("BY"),
        ])
        for token in tokens {
            let ink: Screen.Ink = token.state == "valid" ? .good : .faint
            table.add(
                [
                    token.id, token.name, token.role.rawValue, token.state, Words.minute(token.expiresAt),
                    token.createdBy,
                ], inks: [3: ink])
        }
        return table.lines(on: screen)
    }

    /// The secret stands alone on its line, whole, so that it can be copied.
    static func lines(_ made: Status.NewToken, on screen: Screen = .plain) -> [String] {
        let token = made.token
        let what = "\(name(token)), \(token.role.rawValue), until \(Words.minute(token.expiresAt))"
        return screen.paragraph(what) + screen.paragraph("this is the only time that its secret is shown:")
            + ["", made.secret]
    }

    static func lines(_ token: Status.Token, on screen: Screen = .plain) -> [String] {
        screen.paragraph("\(name(token)) is \(token.state)")
    }

    private static func name(_ token: Status.Token) -> String { "token \(token.id) “\(token.name)”" }

    static func lines(_ key: Status.SessionKey, on screen: Screen = .plain) -> [String] {
        screen.paragraph("session key \(key.keyGeneration) signs since \(Words.minute(key.since))")
            + screen.paragraph("tokens of the key before stay valid until they expire")
    }
}
