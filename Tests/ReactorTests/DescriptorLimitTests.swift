import Reactor
import Testing

struct DescriptorLimitTests {
    /// The second time there is nothing left to raise.
    @Test func raisesOnce() {
        let limit = DescriptorLimit.raise()
        #expect(limit > 0)
        #expect(DescriptorLimit.raise() == limit)
    }
}
