import Model
import Testing

struct IdentifiersTests {
    @Test func holdsRegions() {
        let (first, last) = (RegionID(rawValue: 0), RegionID(rawValue: 63))
        var set = RegionSet.empty
        #expect(set.isEmpty && set.only == .none)
        set.insert(last)
        #expect(set.only == last)
        set.insert(first)
        set.insert(first)
        #expect(set.count == 2)
        #expect(set.contains(first) && set.contains(last))
        #expect(!set.contains(RegionID(rawValue: 1)))
        #expect(set.only == .none)
        #expect(set.intersection(RegionSet(bits: 1)).only == first)
    }

    @Test("is not a region of any set", arguments: [RegionID.none, RegionID(rawValue: 64), RegionID(rawValue: 128)])
    func holdsNothingElse(region: RegionID) { #expect(!RegionSet(bits: .max).contains(region)) }
}
