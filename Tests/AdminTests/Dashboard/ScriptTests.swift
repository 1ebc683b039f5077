import ControlPlane
import Foundation
import Hummingbird
import Testing

@testable import Admin

/// The dashboard of a fake edge in a real browser: states that a real edge is seldom in. `PORTOLAN_BROWSER=check` runs
/// Tests/Programs/dashboard.py on it, `PORTOLAN_BROWSER=hold` serves it for an hour, for whoever changes its looks.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PORTOLAN_BROWSER"] != nil))
struct ScriptTests {
    static let wish = ProcessInfo.processInfo.environment["PORTOLAN_BROWSER"]
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    @Test("every page works, and for everybody")
    func works() async throws {
        let edge = FakeEdge(clock: .system)
        edge.admit("ptl_operator", .operator, name: "dana")
        edge.admit("ptl_viewer", .viewer, name: "wall screen")
        let router = Router(context: AdminContext.self, options: [.autoGenerateHeadEndpoints])
        Dashboard(parts: Browser.parts(edge, .system), isSecure: false).add(to: router)
        let (ports, teller) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: ScriptTests.port)),
            onServerRunning: { teller.yield($0.localAddress?.port ?? 0) }, logger: Browser.silent)
        let server = Task { try await application.runService() }
        defer { server.cancel() }
        let port = try #require(await ports.first { _ in true })
        if ScriptTests.wish == "hold" { return try await Task.sleep(for: .seconds(3_600)) }
        let (status, said) = try await ScriptTests.run([
            "--url", "http://localhost:\(port)", "--token", "ptl_operator", "--viewer", "ptl_viewer", "--cell", "use-a",
            "--out", "\(ScriptTests.repository)/.build/artifacts/dashboard/fake",
        ])
        #expect(status == 0, "\(said)")
    }

    /// A fixed one to look at by hand.
    private static let port = wish == "hold" ? 8_099 : 0

    private static func run(_ arguments: [String]) async throws -> (Int32, String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(repository)/.tools/venv/bin/python")
        process.arguments = ["\(repository)/Tests/Programs/dashboard.py"] + arguments
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        return try await withCheckedThrowingContinuation { continuation in
            // It says little: the pipe holds it until the end.
            process.terminationHandler = { ended in
                let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                continuation.resume(returning: (ended.terminationStatus, text))
            }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }
}
