import TLS

/// A certificate that a listener shows.
public struct ListenerCertificate: Equatable, Sendable {
    /// Name of the listener.
    public let listener: String
    /// `CN=localhost`, as RFC 4514 writes names.
    public let subject: String
    /// DNS names and addresses of the SAN, DNS names first.
    public let names: [String]
    /// Seconds since 1970, UTC: the last at which it is valid.
    public let notAfter: Int64

    init(listener: String, _ summary: CertificateSummary) {
        self.listener = listener
        (subject, names, notAfter) = (summary.subject, summary.names + summary.addresses, summary.validUntil)
    }
}
