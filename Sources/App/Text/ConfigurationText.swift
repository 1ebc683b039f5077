import ControlPlane

/// The configuration in force, or what another would change, for people.
enum ConfigurationText {
    static func lines(_ configured: Status.Configured, on screen: Screen = .plain) -> [String] {
        let note = configured.dryRun ? " (nothing was changed)" : ""
        var lines = screen.facts([("file", configured.file), ("generation", "\(configured.generation)\(note)")])
        for warning in configured.warnings { lines += screen.facts([("warning", warning)], inks: [0: .warning]) }
        lines += certificates(configured.certificates, screen)
        if let whatIf = configured.whatIf { lines += [""] + OperatorText.lines(whatIf, on: screen) }
        return lines
    }

    /// The answer to a check or a reload.
    static func changes(_ configured: Status.Configured, on screen: Screen = .plain) -> [String] {
        let what = configured.dryRun ? "would change" : "changed"
        if configured.changes.isEmpty { return ["nothing \(what)"] + lines(configured, on: screen) }
        let changes = configured.changes.flatMap { screen.paragraph($0, indent: 2, hanging: 4) }
        return ["\(what):"] + changes + [""] + lines(configured, on: screen)
    }

    private static func certificates(_ list: [Status.Certificate], _ screen: Screen) -> [String] {
        if list.isEmpty { return [] }
        var table = TextTable([
            .name("LISTENER"), .text("CERTIFICATE"), .text("NAMES"), .name("EXPIRES"), .number("LEFT"),
        ])
        for certificate in list {
            let days = certificate.secondsLeft / 86_400
            let left = certificate.secondsLeft <= 0 ? "expired" : "\(days) d"
            let ink: Screen.Ink = certificate.secondsLeft <= 0 ? .bad : days < 14 ? .warning : .good
            table.add(
                [
                    certificate.listener, certificate.subject, certificate.names.joined(separator: ", "),
                    String(certificate.notAfter.prefix(10)), left,
                ], inks: [4: ink])
        }
        return [""] + table.lines(on: screen)
    }
}
