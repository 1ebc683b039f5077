// swift-tools-version: 6.2
// The modules and their arrows are docs/architecture.md's; Tests/TidyTests holds this manifest to that table.
import PackageDescription

/// Every Swift module: Swift 6 mode, imports internal unless said otherwise, warnings are errors.
let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

/// The request path: no existential, and no dynamic exclusivity check in release builds (tests run with the checks on).
let hot: [SwiftSetting] =
    common + [
        .treatWarning("ExistentialType", as: .error),
        .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
    ]

func module(_ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = common) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies + ["Support"], path: "Tests/\(name)Tests", exclude: exclude,
        swiftSettings: common)
}

func product(_ product: String, _ package: String) -> Target.Dependency { .product(name: product, package: package) }

let package = Package(
    name: "portolan",
    products: [
        .executable(name: "portolan", targets: ["App"]),
        .executable(name: "edge-bench", targets: ["EdgeBench"]),
        .executable(name: "simulate", targets: ["Simulate"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.90.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "CLinux"),
        .target(name: "CNghttp2", linkerSettings: [.linkedLibrary("nghttp2")]),
        .target(name: "CResolv", linkerSettings: [.linkedLibrary("resolv")]),
        .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),

        module("Model", settings: hot),
        module("Wire", ["Model"], settings: hot),
        module("Reactor", ["Model", "CLinux"], settings: hot),
        module("TLS", ["Wire", "Model", "COpenSSL"], settings: hot),
        module("HTTP2", ["Wire", "Model", "CNghttp2"], settings: hot),
        module("Policy", ["Model"], settings: hot),
        module("Simulation", ["Policy", "Model"]),
        module("DataPlane", ["Policy", "HTTP2", "TLS", "Reactor", "Wire", "Model"], settings: hot),
        module("Probes", ["HTTP2", "TLS", "Reactor", "Wire", "Model"]),
        module("Config", ["Model", product("Yams", "Yams")]),
        module("Store", ["Model", product("Crypto", "swift-crypto"), product("GRDB", "GRDB.swift")]),
        module("Discovery", ["Model", "CResolv"]),
        module(
            "ControlPlane",
            [
                "Config", "Store", "Discovery", "Policy", "Model", product("Crypto", "swift-crypto"),
                product("Logging", "swift-log"),
            ]),
        module(
            "Admin",
            [
                "ControlPlane", "Store", "Policy", "Model", product("Hummingbird", "hummingbird"),
                product("HummingbirdCore", "hummingbird"), product("HummingbirdTLS", "hummingbird"),
                product("Logging", "swift-log"), product("NIOCore", "swift-nio"), product("NIOPosix", "swift-nio"),
                product("NIOSSL", "swift-nio-ssl"), product("Crypto", "swift-crypto"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
            ]),
        module("Demo", ["HTTP2", "TLS", "Reactor", "Wire", "Model"]),
        .executableTarget(
            name: "App",
            dependencies: [
                "Demo", "Simulation", "Admin", "ControlPlane", "Probes", "DataPlane", "Policy", "HTTP2", "TLS",
                "Reactor", "Wire", "Config", "Store", "Discovery", "Model",
                product("ArgumentParser", "swift-argument-parser"),
                product("AsyncHTTPClient", "async-http-client"), product("Logging", "swift-log"),
                product("NIOSSL", "swift-nio-ssl"), product("ServiceLifecycle", "swift-service-lifecycle"),
                product("UnixSignals", "swift-service-lifecycle"),
            ],
            swiftSettings: common),
        .executableTarget(
            name: "EdgeBench", dependencies: ["DataPlane", "Policy", "Model"], swiftSettings: common),
        .executableTarget(name: "Simulate", dependencies: ["Simulation"], swiftSettings: common),

        .target(name: "Support", dependencies: ["Model"], path: "Tests/Support", swiftSettings: common),
        tests("Model", ["Model"]),
        tests("Wire", ["Wire", "Model"]),
        tests("Reactor", ["Reactor", "Model"]),
        tests("TLS", ["TLS", "Wire", "Model"]),
        tests("HTTP2", ["HTTP2", "Wire", "Model"], exclude: ["Transcripts"]),
        tests("Policy", ["Policy", "Model"]),
        tests("Simulation", ["Simulation", "Policy", "Model"]),
        tests("DataPlane", ["DataPlane", "Policy", "HTTP2", "TLS", "Reactor", "Wire", "Model"]),
        tests("Probes", ["Probes", "HTTP2", "TLS", "Reactor", "Wire", "Model"]),
        tests("Config", ["Config", "Model"]),
        tests("Store", ["Store", "Model", product("GRDB", "GRDB.swift")]),
        tests("Discovery", ["Discovery", "Model"]),
        tests("ControlPlane", ["ControlPlane", "Config", "Store", "Policy", "Model"]),
        tests(
            "Admin",
            [
                "Admin", "ControlPlane", "Store", "Policy", "Model", product("HummingbirdTesting", "hummingbird"),
                product("NIOEmbedded", "swift-nio"),
            ], exclude: ["Transcripts"]),
        tests("Demo", ["Demo", "HTTP2", "TLS", "Reactor", "Wire", "Model"]),
        tests("App", ["App", "Demo", "Admin", "ControlPlane", "Config", "Store", "Model"]),
        tests("Tidy", []),
        tests("EndToEnd", ["CNghttp2"]),
    ]
)
