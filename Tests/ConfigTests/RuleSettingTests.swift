import Model
import Testing

@testable import Config

struct RuleSettingTests {
    /// Key, range and default of every rule, and no rule that is none.
    @Test func pageAgrees() throws {
        let page = try SampleTests.page("configuration.md")
        let names = Set(RuleSetting.all.map(\.section))
        let rows = page.matches(of: #/\| `([a-z]+)\.([a-z_]+)` \| (.+?) \((.+?)\) \|/#).filter {
            names.contains(String($0.1))
        }
        let written = rows.map { "\($0.1).\($0.2) \($0.3) \($0.4)" }
        let known = RuleSetting.all.map { "\($0.section).\($0.key) \($0.range) \($0.text(in: Configuration()))" }
        #expect(written == known)
    }

    /// What the file says arrives, and a reload tells what it changes.
    @Test("each rule is read and told", arguments: RuleSetting.all)
    func readsAndTells(setting: RuleSetting) throws {
        let other = RuleSettingTests.other(than: setting)
        let old = try Sample.loader.load(text: Sample.completing(""), file: "e.yaml").configuration
        let text = Sample.completing("\(setting.section): {\(setting.key): \(other)}")
        let new = try Sample.loader.load(text: text, file: "e.yaml").configuration
        #expect(setting.text(in: new) == other)
        #expect(
            ConfigurationChange.between(old, new).map(\.text) == [
                "\(setting.section): \(setting.key) \(setting.text(in: old)) → \(other)"
            ])
    }

    /// Within its range, not its default, and agreeing with every other default.
    private static func other(than setting: RuleSetting) -> String {
        switch setting.target {
        case .flag: "false"
        case .count, .percent: setting.range.hasPrefix("100–") ? "200" : "33"
        case .duration:
            switch setting.key {
            case "expiry", "max_ejection": "13h"
            case "deadline": "4m"
            default: "7s"
            }
        case .steps: "[10, 100]"
        }
    }
}

extension RuleSetting: CustomTestStringConvertible {
    public var testDescription: String { "\(section).\(key)" }
}
