import COpenSSL
public import Model

/// All that sessions of one listener share: certificates, protocols, ticket keys. Immutable, any thread. A reload makes
/// a new one; sessions keep the one they began with.
public final class ServerContext: @unchecked Sendable {
    private let certificates: [ServerCertificate]
    private let names: CertificateNames
    private let ticketKeys: TicketKeys
    /// ALPN's list in our order of preference. A pointer, for OpenSSL keeps it until the handshake is over.
    private let protocols: UnsafeMutableBufferPointer<UInt8>

    /// What was loaded, in the order of the configuration.
    public var summaries: [CertificateSummary] { certificates.map(\.summary) }

    /// Reads every file. `protocols` are ALPN names in the order of our preference; a client that offers others alone
    /// gets the alert no_application_protocol (RFC 7301 §3.2), one that offers none is let in. An empty list: no ALPN.
    /// Without `clients` nobody is asked for a certificate.
    public convenience init(
        certificates: [Configuration.Certificate], protocols: [String] = ["h2"], ticketKeys: TicketKeys,
        clients: ClientVerification? = nil
    ) throws(TLSError) {
        try self.init(
            certificates: certificates, protocols: protocols, ticketKeys: ticketKeys, settings: ContextSettings(),
            clients: clients)
    }

    init(
        certificates files: [Configuration.Certificate], protocols: [String], ticketKeys: TicketKeys,
        settings: ContextSettings, clients: ClientVerification? = nil
    ) throws(TLSError) {
        guard !files.isEmpty else {
            throw TLSError(.certificateUnreadable, detail: "a TLS listener needs at least one certificate")
        }
        var loaded: [ServerCertificate] = []
        do {
            for pair in files { loaded.append(try ServerCertificate(pair, settings: settings)) }
        } catch {
            for certificate in loaded { SSL_CTX_free(certificate.context) }
            throw error
        }
        certificates = loaded
        names = CertificateNames(loaded.map(\.summary.names))
        self.ticketKeys = ticketKeys
        self.protocols = UnsafeMutableBufferPointer.allocate(capacity: ProtocolList.encoded(protocols).count)
        _ = self.protocols.initialize(from: ProtocolList.encoded(protocols))
        let scope = try clients?.ticketScope() ?? Array("portolan".utf8)
        for certificate in loaded {
            guard configure(certificate.context, ticketScope: scope) else { throw TLSError.taken(.internalFailure) }
            try clients?.install(in: certificate.context)
        }
    }

    deinit {
        for certificate in certificates { SSL_CTX_free(certificate.context) }
        protocols.deallocate()
    }

    /// What a session starts with: the first certificate, until the client's name chooses another.
    var first: OpaquePointer { certificates[0].context }

    /// The TLS 1.2 and 1.3 suites that sessions may choose from, in OpenSSL's spelling and our order of preference.
    public var cipherNames: [String] {
        (0..<copenssl_cipher_count(first)).map { String(cString: copenssl_cipher_name(first, $0)) }
    }

    private func configure(_ context: OpaquePointer, ticketScope: [UInt8]) -> Bool {
        let this = Unmanaged.passUnretained(self).toOpaque()
        if certificates.count > 1 { copenssl_set_server_name_callback(context, serverNameCallback, this) }
        if !protocols.isEmpty { SSL_CTX_set_alpn_select_cb(context, protocolCallback, this) }
        // One ticket, not two: HTTP/2 clients keep one connection. Each costs a derivation, a seal and 250 bytes.
        return SSL_CTX_set_num_tickets(context, 1) == 1 && ticketKeys.attach(to: context)
            && SSL_CTX_set_session_id_context(context, ticketScope, UInt32(ticketScope.count)) == 1
    }

    fileprivate func chooseCertificate(for session: OpaquePointer) {
        guard let name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name) else { return }
        let bytes = UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self)
        var count = 0
        while bytes[count] != 0 { count += 1 }
        let index = names.certificate(for: UnsafeBufferPointer(start: bytes, count: count))
        if index != 0 { SSL_set_SSL_CTX(session, certificates[index].context) }
    }

    /// Points `chosen` into our list or, when nothing is in common, says so.
    fileprivate func chooseProtocol(
        from offered: UnsafePointer<UInt8>?, count: UInt32, chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>,
        chosenCount: UnsafeMutablePointer<UInt8>
    ) -> Int32 {
        var result: UnsafeMutablePointer<UInt8>?
        let status = SSL_select_next_proto(
            &result, chosenCount, protocols.baseAddress, UInt32(protocols.count), offered, count)
        chosen.pointee = UnsafePointer(result)
        return status == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL
    }
}

private func serverNameCallback(
    session: OpaquePointer?, alert: UnsafeMutablePointer<Int32>?, argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let session, let argument else { return SSL_TLSEXT_ERR_NOACK }
    Unmanaged<ServerContext>.fromOpaque(argument).takeUnretainedValue().chooseCertificate(for: session)
    return SSL_TLSEXT_ERR_OK
}

private func protocolCallback(
    session: OpaquePointer?, chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    chosenCount: UnsafeMutablePointer<UInt8>?, offered: UnsafePointer<UInt8>?, count: UInt32,
    argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let chosen, let chosenCount, let argument else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    return Unmanaged<ServerContext>.fromOpaque(argument).takeUnretainedValue()
        .chooseProtocol(from: offered, count: count, chosen: chosen, chosenCount: chosenCount)
}
