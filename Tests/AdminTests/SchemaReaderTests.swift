import ControlPlane
import Foundation
import Testing

@testable import Admin

struct SchemaReaderTests {
    private struct Inner: Codable, Sendable { var at: String }
    private struct Outer: Codable, Sendable {
        var someNumber: UInt64
        var maybe: Double?
        var list: [Inner]
        var byName: [String: Int]
        var inner: Inner?
        var role: Role
    }

    @Test("what is decoded is required, what may be missing is not")
    func reads() throws {
        let reader = SchemaReader()
        #expect(try reader.schema(of: Outer.self) == ["$ref": "#/components/schemas/Outer"])
        let outer = try #require(reader.objects["Outer"])
        #expect(outer["required"] == ["by_name", "list", "role", "some_number"])
        #expect(outer["properties"]["some_number"] == ["type": "integer", "minimum": 0])
        #expect(outer["properties"]["maybe"] == ["type": "number"])
        #expect(outer["properties"]["list"] == ["type": "array", "items": ["$ref": "#/components/schemas/Inner"]])
        #expect(outer["properties"]["by_name"]["additionalProperties"] == ["type": "integer"])
        #expect(outer["properties"]["role"]["enum"] == ["viewer", "operator", "admin"])
        #expect(reader.objects["Inner"]?["required"] == ["at"])
    }

    @Test("the samples show every property that there is, so that the check of the answers misses none")
    func samplesAreWhole() throws {
        let reader = SchemaReader()
        func keys(_ value: some Codable & Sendable, _ name: String) throws {
            _ = try reader.schema(of: type(of: value))
            let encoded = try JSONDecoder().decode(BodyValue.self, from: try AdminJSON.encode(value))
            let known = try #require(reader.objects[name])["properties"].fields.keys.sorted()
            #expect(encoded.fields.keys.sorted() == known, "\(name)")
        }
        try keys(Samples.cells.cells[0], "Cell")
        try keys(Samples.cells.cells[0].endpoints[0], "Endpoint")
        try keys(Samples.regions.regions[0], "Region")
        try keys(Samples.change, "Change")
        try keys(Samples.drain("ramping"), "Drain")
        try keys(Samples.token, "Token")
        try keys(Samples.tenants[0], "Tenant")
        try keys(Samples.configured, "Configured")
        try keys(Samples.explanation, "Explanation")
        try keys(Samples.setting, "Setting")
    }

    static let names = [("timeNanoseconds", "time_nanoseconds"), ("a", "a")]

    @Test("names become what AdminJSON makes of them", arguments: names)
    func snakeCase(name: String, expected: String) { #expect(SchemaReader.key(name) == expected) }
}
