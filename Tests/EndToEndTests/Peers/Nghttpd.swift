/// nghttp2's own server, with the files of a folder.
final class Nghttpd {
    let port: UInt16
    let process: ChildProcess
    private let folder: TemporaryFolder

    /// - Parameter tls: nil: plain text with prior knowledge.
    init(
        serving files: TemporaryFolder, tls: TestCertificates.Pair? = nil, port: UInt16? = nil, options: [String] = []
    ) throws {
        folder = try TemporaryFolder()
        self.port = try port ?? FreePort.next()
        let transport = tls.map { [$0.key, $0.certificate] }
        let arguments =
            ["--htdocs=\(files.path)", "--address=127.0.0.1"] + (transport == nil ? ["--no-tls"] : []) + options
            + ["\(self.port)"] + (transport ?? [])
        process = try ChildProcess("nghttpd", arguments, name: "nghttpd", in: folder)
        try FreePort.waitUntilOpen(self.port, process)
    }

    /// In a network of its own, at `address` there.
    init(serving files: TemporaryFolder, in namespace: String, at address: String, port: UInt16) throws {
        folder = try TemporaryFolder()
        self.port = port
        process = try ChildProcess(
            "nghttpd", ["--htdocs=\(files.path)", "--address=\(address)", "--no-tls", "\(port)"], name: "nghttpd",
            in: folder, namespace: namespace)
    }

    deinit { process.kill() }
}
