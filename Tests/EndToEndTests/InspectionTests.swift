import Foundation
import Testing

/// Both sides of the edge before programs that look for faults: schemathesis and testssl.sh.
@Suite(.serialized, .timeLimit(.minutes(8)))
struct InspectionTests {
    @Test("made-up calls of every operation get no 5xx and nothing that the OpenAPI document does not name")
    func calls() throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        try AdminAPITests.serve(sections: ["state: {sqlite: state.db}"]) { _, port, folder in
            let certificates = try TestCertificates.shared.get()
            // Known by a certificate: wrong tokens are told to wait, and then nothing else would be seen.
            let caller = try certificates.issue("root", ["DNS:any.portolan.test"], in: folder)
            let checks =
                ["not_a_server_error"]
                + ["status_code", "content_type", "response_schema", "response_headers"].map { $0 + "_conformance" }
            let program = URL(fileURLWithPath: Programs.python).deletingLastPathComponent().path + "/schemathesis"
            let command = try Command.run(
                Programs.python,
                [
                    program, "run", Programs.repository + "/docs/openapi.json", "--url", "https://localhost:\(port)",
                    "--tls-verify", certificates.authority, "--request-cert", caller.certificate,
                    "--request-cert-key", caller.key, "--generation-with-security-parameters", "false",
                    "--generation-database", "none", "--exclude-path", "/v1/events",  // a stream does not end
                    "--checks", checks.joined(separator: ","), "--max-examples", "20", "--seed", "\(seed)",
                    "--no-color",
                ], within: 240)
            #expect(command.status == 0, "seed \(seed)\n\(command.output.suffix(4_000))")
            let passed = command.output.firstMatch(of: /(\d+) generated, (\d+) passed/)
            #expect(passed.flatMap { Int($0.2) } ?? 0 > 500, "\(command.output.suffix(1_000))")
            #expect(!command.output.contains("Rate limited") && !command.output.contains("Authentication failed"))
        }
    }

    /// limits.md E1, by the numbers of the registry of TLS cipher suites.
    static let suites: Set<String> = ["x1301", "x1302", "x1303", "xc02b", "xc02c", "xcca9"]

    @Test("both ports offer six suites of two versions, and testssl.sh finds nothing above LOW", arguments: [0, 1])
    func encryption(side: Int) throws {
        try AdminAPITests.serve { edge, admin, folder in
            let file = folder.file("findings.json")
            _ = try Command.run(
                "testssl",
                [
                    "--quiet", "--color", "0", "--warnings", "batch", "--add-ca",
                    try TestCertificates.shared.get().authority, "--jsonfile", file,
                    "127.0.0.1:\(side == 0 ? edge.port(.secure) : admin)",
                ], within: 240)
            let findings = try JSONDecoder().decode([Finding].self, from: Data(contentsOf: URL(fileURLWithPath: file)))
            #expect(findings.count > 60)
            // What is said of the certificate is the test's: it lives for a day and nobody can revoke it.
            let bad = findings.filter { $0.isBad && !$0.id.hasPrefix("cert_") }
            #expect(bad.isEmpty, "\(bad)")
            let versions = findings.filter { ["TLS1_2", "TLS1_3"].contains($0.id) }
            #expect(versions.count == 2 && versions.allSatisfy { $0.finding.hasPrefix("offered") }, "\(versions)")
            for old in ["SSLv2", "SSLv3", "TLS1", "TLS1_1"] {
                #expect(findings.first { $0.id == old }?.finding.hasPrefix("not offered") == true, "\(old)")
            }
            let offered = findings.map(\.id).filter { $0.hasPrefix("cipher_x") }.map { String($0.dropFirst(7)) }
            #expect(Set(offered) == InspectionTests.suites)
        }
    }

    private struct Finding: Decodable {
        let id: String
        let severity: String
        let finding: String

        var isBad: Bool { ["MEDIUM", "HIGH", "CRITICAL", "FATAL"].contains(severity) }
    }
}
