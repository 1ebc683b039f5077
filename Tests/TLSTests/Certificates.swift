import Foundation
import Model

@testable import TLS

/// Development certificates in a folder of their own, which goes with the last reference.
final class Certificates {
    let folder: String

    init() { folder = NSTemporaryDirectory() + "portolan-tls-\(UUID().uuidString)" }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// One authority and leaf; several sets of files live in subfolders.
    func make(
        _ names: [String], under subfolder: String = "", validDays: Range<Int> = -1..<30
    ) throws -> DevelopmentCertificate {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return try DevelopmentCertificate.make(
            names: names, in: "\(folder)/\(subfolder)", validFrom: validDays.lowerBound * 86_400,
            validUntil: validDays.upperBound * 86_400)
    }

    /// Writes `text` to a file and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        return "\(folder)/\(name)"
    }
}

extension DevelopmentCertificate {
    var files: Configuration.Certificate { .init(certificatePath: certificatePath, keyPath: keyPath) }
}

extension ServerContext {
    /// A context with one certificate and keys of its own.
    convenience init(
        _ made: DevelopmentCertificate, protocols: [String] = ["h2"], settings: ContextSettings = ContextSettings()
    ) throws {
        try self.init(
            certificates: [made.files], protocols: protocols, ticketKeys: TicketKeys(), settings: settings)
    }
}

extension ClientContext {
    /// A client that trusts `made`'s authority.
    convenience init(
        _ made: DevelopmentCertificate, protocols: [String] = ["h2"], settings: ContextSettings = ContextSettings()
    ) throws {
        try self.init(authoritiesPath: made.authorityPath, verifies: true, protocols: protocols, settings: settings)
    }
}

extension ContextSettings {
    static let tls12 = ContextSettings(maximumVersion: 0x0303)
    static let tls13 = ContextSettings(minimumVersion: 0x0304)
    /// What no browser does any more; the security level must come down for OpenSSL to play it.
    static let tls11 = ContextSettings(minimumVersion: 0x0302, maximumVersion: 0x0302, ciphers: "ALL:@SECLEVEL=0")
    static let cbc = ContextSettings(maximumVersion: 0x0303, ciphers: "ECDHE-ECDSA-AES128-SHA256")
    static let staticRSA = ContextSettings(maximumVersion: 0x0303, ciphers: "AES128-GCM-SHA256")
}
