import HummingbirdCore
import Logging
import Model
import NIOCore
import NIOSSL
import Synchronization

/// TLS of the admin API: what limits.md, E1, asks of the listeners, with the library that Hummingbird speaks.
final class AdminTLS: Sendable {
    /// TLS 1.2: the list of `TLS.ContextSettings`. TLS 1.3 has its three AEADs always.
    static let ciphers = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:\
        ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
        ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
        """

    private let context: Mutex<NIOSSLContext>

    init(_ admin: Configuration.Admin, _ files: Configuration.Certificate) throws(AdminError) {
        context = Mutex(try AdminTLS.context(admin, files))
    }

    /// New connections show the new certificate; those that are open go on. On an error all stays as it was.
    func adopt(_ admin: Configuration.Admin, _ files: Configuration.Certificate) throws(AdminError) {
        let new = try AdminTLS.context(admin, files)
        context.withLock { $0 = new }
    }

    var current: NIOSSLContext { context.withLock { $0 } }

    private static func context(
        _ admin: Configuration.Admin, _ files: Configuration.Certificate
    ) throws(AdminError) -> NIOSSLContext {
        var tls: TLSConfiguration
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.certificatePath)
            let key = try NIOSSLPrivateKey(file: files.keyPath, format: .pem)
            tls = .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        } catch {
            throw AdminError("admin.tls: cannot read \(files.certificatePath) or \(files.keyPath): \(error)")
        }
        tls.minimumTLSVersion = .tlsv12
        tls.maximumTLSVersion = .tlsv13
        tls.cipherSuites = ciphers
        tls.curves = [.x25519, .secp256r1, .secp384r1]
        tls.renegotiationSupport = .none
        tls.applicationProtocols = ["http/1.1"]
        do {
            if let path = admin.clientAuthoritiesPath {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path))
                tls.certificateVerification = .optionalVerification
                tls.sendCANameList = true
            }
            let context = try NIOSSLContext(configuration: tls)
            preferOwnOrder(context)
            return context
        } catch {
            throw AdminError("admin.tls: \(error); look at the certificate, its key and client_authorities")
        }
    }
}

extension AdminTLS {
    /// `SSL_OP_CIPHER_SERVER_PREFERENCE` of BoringSSL's ssl.h.
    private static let serverPreference: UInt32 = 0x0040_0000

    /// Of the ciphers that both sides know the first of ours is taken, as on the listeners. NIOSSL has no word for it,
    /// so it is said to the library below; where NIOSSL keeps its context under another name, the client's order
    /// counts, which a test of the whole edge notices.
    private static func preferOwnOrder(_ context: NIOSSLContext) {
        let found = Mirror(reflecting: context).children.first { $0.label == "sslContext" }
        if let pointer = found?.value as? OpaquePointer { _ = setOptions(pointer, serverPreference) }
    }
}

/// Pointer and number pass in the same registers to C and to Swift.
@_silgen_name("CNIOBoringSSL_SSL_CTX_set_options")
private func setOptions(_ context: OpaquePointer, _ options: UInt32) -> UInt32

/// Puts TLS in front of another channel, with the context that is current when a client comes.
struct TLSFront<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let tls: AdminTLS

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.current))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
