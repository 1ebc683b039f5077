import ControlPlane
import Testing

@testable import Admin

struct ReplicationLineTests {
    @Test("the worst dataset, by a word and a shape, never by colour alone; where nobody measures it says so")
    func worst() {
        var (here, there) = (SmallReading.regions.regions[0], SmallReading.regions.regions[1])
        #expect(ReplicationLine(region: here).html.text.contains("lag of carts unknown: silent for 3 reads: refused"))
        let told = ReplicationLine(region: there).html.text
        #expect(told.contains("lag 6.2 s (orders) · 1 other is no worse"))
        #expect(told.contains("<span class=\"badge warn\"><svg") && told.contains("</svg>stale</span>"))
        there.replication.removeFirst()
        #expect(ReplicationLine(region: there).html.text.contains("lag 900 ms (carts) when its owner fell silent</p>"))
        here.replication = []
        #expect(ReplicationLine(region: here).html.text.contains("replication lag not measured"))
    }
}
