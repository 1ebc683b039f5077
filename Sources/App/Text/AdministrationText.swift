import ControlPlane

/// Tenants, datasets, tokens and keys for people.
enum AdministrationText {
    static func lines(_ tenants: [Status.Tenant], on screen: Screen = .plain) -> [String] {
        if tenants.isEmpty { return ["no tenants are pinned"] }
        var table = TextTable([
            .text("TENANT"), .text("HOME"), .text("RESIDENCY"), .text("SOURCE"), .text("BY"), .text("REASON"),
        ])
        for tenant in tenants {
            table.add([
                tenant.tenant, tenant.home, residency(tenant), tenant.source, tenant.who ?? "-", tenant.reason ?? "-",
            ])
        }
        return table.lines(on: screen)
    }

    static func lines(_ tenant: Status.Tenant, on screen: Screen = .plain) -> [String] {
        var lines = [
            "tenant      \(tenant.tenant)", "home        \(tenant.home)", "residency   \(residency(tenant))",
        ]
        if tenant.source == "file" {
            lines.append("source      the configuration's file")
        } else {
            let time = tenant.setAt.map { " at \(Words.minute($0))" } ?? ""
            lines.append("source      pinned by \(tenant.who ?? "an operator")\(time)")
        }
        if let reason = tenant.reason { lines.append("reason      \(reason)") }
        return lines.map(screen.line)
    }

    private static func residency(_ tenant: Status.Tenant) -> String {
        tenant.residency.isEmpty ? "anywhere" : tenant.residency.joined(separator: ", ")
    }

    static func lines(_ datasets: [Status.Dataset], on screen: Screen = .plain) -> [String] {
        if datasets.isEmpty { return ["no datasets are configured"] }
        var table = TextTable([
            .text("DATASET"), .text("OWNER"), .number("EPOCH"), .text("KNOWN FROM"),
        ])
        for dataset in datasets {
            let owner = dataset.owner ?? (dataset.mode == "multi" ? "every region" : "unknown")
            let source = dataset.source == "learnt" ? "a backend's answer" : "the file"
            table.add([dataset.name, owner, "\(dataset.epoch)", source])
        }
        return table.lines(on: screen)
    }

    static func lines(_ tokens: [Status.Token], on screen: Screen = .plain) -> [String] {
        if tokens.isEmpty { return ["no tokens; make one with `portolan token create --role viewer`"] }
        var table = TextTable([
            .text("ID"), .text("NAME"), .text("ROLE"), .text("STATE"), .text("EXPIRES"), .text("BY"),
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
        return [
            screen.line(
                "token \(token.id) “\(token.name)”, \(token.role.rawValue), until \(Words.minute(token.expiresAt))"),
            "this is the only time that its secret is shown:", "", made.secret,
        ]
    }

    static func lines(_ token: Status.Token, on screen: Screen = .plain) -> [String] {
        [screen.line("token \(token.id) “\(token.name)” is \(token.state)")]
    }

    static func lines(_ key: Status.SessionKey, on screen: Screen = .plain) -> [String] {
        [
            screen.line("session key \(key.keyGeneration) signs since \(Words.minute(key.since))"),
            screen.line("tokens of the key before stay valid until they expire"),
        ]
    }
}
