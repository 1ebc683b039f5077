import HTTP2
import Model
import Support
import Testing

@testable import DataPlane

struct OwnerClaimTests {
    static let rows: [(String?, String?, OwnerClaim?)] = [
        ("eu", "7", OwnerClaim(region: RegionID(rawValue: 1), epoch: 7)), ("eu", nil, nil), (nil, "7", nil),
        ("atlantis", "7", nil), ("eu", "", nil), ("eu", "-7", nil), ("eu", "7x", nil), ("", "7", nil),
        ("eu", "9999999999999999999", OwnerClaim(region: RegionID(rawValue: 1), epoch: 9_999_999_999_999_999_999)),
        ("eu", "99999999999999999999", nil), ("us", "007", OwnerClaim(region: RegionID(rawValue: 0), epoch: 7)),
    ]
    @Test("a claim has a region that there is and an epoch", arguments: rows)
    func reads(owner: String?, epoch: String?, expected: OwnerClaim?) {
        let block = HeaderBlockPool().take()
        for (name, text) in [("x-portolan-owner", owner), ("x-portolan-epoch", epoch)] {
            guard let text else { continue }
            let (name, value) = (OwnedText(name), OwnedText(text))
            block.append(copyingName: name.view, copying: value.view)
        }
        let world = SnapshotFixture(local: "us", [.region("us", []), .region("eu", [])])
        #expect(OwnerClaim(block, world.snapshot()) == expected)
    }
}
