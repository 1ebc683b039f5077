import Config

/// A small right configuration, of which a test replaces the sections that it is about.
enum Sample {
    static let loader = ConfigurationLoader(environment: ["WORD": "soon", "PORT": "8443"], checksFiles: false)

    private static let sections = [
        ("version", "version: 1"),
        ("edge", "edge: {name: edge-1, region: us-east}"),
        ("listeners", "listeners: [{name: public, address: \"127.0.0.1:8443\"}]"),
        ("regions", "regions: {us-east: {jurisdiction: us, cells: {use-a: {endpoints: [\"127.0.0.1:7101\"]}}}}"),
    ]

    /// `own` with the sections that it lacks behind it, so that its lines keep their numbers.
    static func completing(_ own: String) -> String {
        let lines = own.split(separator: "\n", omittingEmptySubsequences: false)
        let missing = sections.filter { name, _ in !lines.contains { $0.hasPrefix("\(name):") } }
        return ([own] + missing.map(\.1)).joined(separator: "\n") + "\n"
    }
}
