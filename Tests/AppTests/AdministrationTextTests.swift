import ControlPlane
import Testing

@testable import App

struct AdministrationTextTests {
    @Test("tenants: the file's and operators'")
    func tenants() {
        let pinned = Status.Tenant(
            tenant: "acme", home: "eu-west", residency: ["eu", "ch"], source: "operator", reason: "contract 7",
            who: "anna", setAt: "2026-01-02T03:04:05Z")
        let filed = Status.Tenant(tenant: "beta", home: "us-east", residency: [], source: "file")
        #expect(
            AdministrationText.lines([pinned, filed]) == [
                "TENANT  HOME     RESIDENCY  SOURCE    BY    REASON",
                "acme    eu-west  eu, ch     operator  anna  contract 7",
                "beta    us-east  anywhere   file      -     -",
            ])
        #expect(
            AdministrationText.lines(pinned) == [
                "tenant      acme", "home        eu-west", "residency   eu, ch",
                "source      pinned by anna at 2026-01-02 03:04Z", "reason      contract 7",
            ])
        #expect(AdministrationText.lines(filed).last == "source      the configuration's file")
        #expect(AdministrationText.lines([Status.Tenant]()) == ["no tenants are pinned"])
    }

    @Test("datasets: who takes the writes, and how that is known")
    func datasets() {
        let all = [
            Status.Dataset(name: "orders", mode: "single", owner: "us-east", epoch: 3, source: "learnt"),
            Status.Dataset(name: "logs", mode: "multi", owner: nil, epoch: 0, source: "file"),
        ]
        #expect(
            AdministrationText.lines(all) == [
                "DATASET  OWNER         EPOCH  KNOWN FROM", "orders   us-east           3  a backend's answer",
                "logs     every region      0  the file",
            ])
    }

    @Test("a secret stands alone, and a list never shows one")
    func tokens() {
        let token = Status.Token(
            id: "0a1b2c3d", name: "anna@laptop", role: .operator, createdAt: "2026-01-02T03:04:05Z",
            createdBy: "admin socket", expiresAt: "2026-04-02T03:04:05Z", revokedAt: nil, state: "valid")
        let secret = "ptl_" + String(repeating: "s", count: 43)
        let lines = AdministrationText.lines(
            Status.NewToken(token: token, secret: secret), on: Screen(columns: 40, isColoured: true))
        #expect(lines.last == secret && lines.count { $0.contains(secret) } == 1)
        #expect(
            AdministrationText.lines([token]) == [
                "ID        NAME         ROLE      STATE  EXPIRES            BY",
                "0a1b2c3d  anna@laptop  operator  valid  2026-04-02 03:04Z  admin socket",
            ])
        #expect(AdministrationText.lines(token) == ["token 0a1b2c3d “anna@laptop” is valid"])
        let key = Status.SessionKey(keyGeneration: 4, since: "2026-01-02T03:04:05Z")
        #expect(AdministrationText.lines(key)[0] == "session key 4 signs since 2026-01-02 03:04Z")
    }
}
