import Testing

@testable import Config

struct LimitSettingTests {
    /// Key, default and range of every limit, and no limit that is none.
    @Test func pageAgrees() throws {
        let rows = try SampleTests.page("limits.md").matches(of: #/\| `([a-z_]+)` \| (\S+) \| (\S+) \|/#)
        let written = rows.map { "\($0.1) \($0.2) \($0.3)" }
        #expect(written == LimitSetting.all.map { "\($0.key) \($0.text(in: .init())) \($0.range)" })
    }
}
