import ControlPlane
import Testing

@testable import App

struct ConfigurationTextTests {
    private static let configured = Status.Configured(
        generation: 7, file: "/etc/portolan/portolan.yaml", warnings: ["admin.metrics: anybody may read them"],
        certificates: [
            Status.Certificate(
                listener: "public", subject: "CN=edge.example.com", names: ["edge.example.com"],
                notAfter: "2026-03-02T03:04:05Z", secondsLeft: 59 * 86_400 + 5),
            Status.Certificate(
                listener: "admin", subject: "CN=admin", names: [], notAfter: "2026-01-01T00:00:00Z", secondsLeft: -9),
        ])

    @Test("the file in force, and how long its certificates last")
    func shows() {
        #expect(
            ConfigurationText.lines(ConfigurationTextTests.configured) == [
                "file        /etc/portolan/portolan.yaml", "generation  7",
                "warning     admin.metrics: anybody may read them", "",
                "LISTENER  CERTIFICATE          NAMES             EXPIRES        LEFT",
                "public    CN=edge.example.com  edge.example.com  2026-03-02     59 d",
                "admin     CN=admin                               2026-01-01  expired",
            ])
    }

    @Test("what another would change")
    func changes() {
        var other = ConfigurationTextTests.configured
        (other.warnings, other.certificates, other.dryRun) = ([], [], true)
        #expect(ConfigurationText.changes(other)[0] == "nothing would change")
        other.changes = ["cell use-c: added", "route default: retries 1 → 2"]
        other.whatIf = Status.WhatIf(sampled: 0, requests: 0, different: 0, refused: 0, moves: [])
        #expect(
            ConfigurationText.changes(other) == [
                "would change:", "  cell use-c: added", "  route default: retries 1 → 2", "",
                "file        /etc/portolan/portolan.yaml", "generation  7 (nothing was changed)", "",
                "no requests in the last minute to try it with",
            ])
    }
}
