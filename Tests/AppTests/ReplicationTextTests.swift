import ControlPlane
import Testing

@testable import App

struct ReplicationTextTests {
    static func copy(_ region: String, lag: UInt64?, _ tier: String, lost: Bool = false) -> Status.Replication {
        Status.Replication(
            dataset: "orders", region: region, lagMilliseconds: lag, tier: tier, isUnknown: lag == nil,
            lagAsOfLoss: lost, position: lag == nil ? nil : "16/B374D848",
            cause: lag == nil ? "silent for 3 reads: connection refused" : nil)
    }

    @Test("copies of datasets: how far behind, how good, and why nobody knows, in 80 columns")
    func copies() {
        let all = [
            Self.copy("us-east", lag: 0, "fresh"), Self.copy("eu-west", lag: 6_200, "stale", lost: true),
            Self.copy("ap-south", lag: nil, "broken"),
        ]
        #expect(
            ReplicationText.lines(all) == [
                "", "DATASET  REGION        LAG  TIER       POSITION  NOTE",
                "orders   us-east      0 ms  fresh   16/B374D848",
                "orders   eu-west     6.2 s  stale   16/B374D848  when the owner fell silent",
                "orders   ap-south  unknown  broken            -  silent for 3 reads: connection…",
            ])
        #expect(ReplicationText.lines([]) == [])
        #expect(ReplicationText.words(all[1]) == "6.2 s, stale: when the owner fell silent")
        #expect(ReplicationText.words(all[0]) == "0 ms, fresh")
        var dataset = Status.Dataset(name: "orders", mode: "single", owner: "us-east", epoch: 3, source: "file")
        dataset.replication = all
        #expect(AdministrationText.lines([dataset]).count == 7)
    }
}
