import Config
import Foundation
import Testing

/// The files under routes/ are what people copy: they load without an error or a warning.
struct SampleTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("routes").path
    static let environment = ["PORTOLAN_EDGE": "use-edge-1", "PORTOLAN_REGION": "us-east"]

    @Test(arguments: ["demo.yaml", "production.yaml"])
    func loads(name: String) throws {
        let loader = ConfigurationLoader(environment: SampleTests.environment, checksFiles: false)
        let loaded = try loader.load(path: "\(SampleTests.folder)/\(name)")
        #expect(loaded.warnings == [])
        #expect(loaded.configuration.regions.count >= 3)
    }

    /// A page of docs/.
    static func page(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/../docs/\(name)", encoding: .utf8)
    }
}
