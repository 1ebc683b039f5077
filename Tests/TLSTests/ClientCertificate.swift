import COpenSSL

@testable import TLS

/// Authorities that sign clients' certificates, in memory.
struct ClientCertificate {
    let issued: Issued
    let authority: Issued

    /// `names` are the subject's common names: the first is the one it is made with.
    init(_ names: [String], by authority: Issued) throws {
        issued = try Issued(subject: names[0], validity: (-60, 3_600))
        for name in names.dropFirst() {
            let subject = X509_get_subject_name(issued.certificate)
            precondition(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, name, -1, -1, 0) == 1)
        }
        try issued.add(NID_ext_key_usage, "clientAuth", issuer: authority)
        try issued.sign(by: authority)
        self.authority = authority
    }

    static func authority(_ subject: String = "clients' authority") throws -> Issued {
        let authority = try Issued(subject: subject, validity: (-60, 3_600))
        try authority.add(NID_basic_constraints, "critical,CA:TRUE", issuer: authority)
        try authority.sign(by: authority)
        return authority
    }

    /// The authority's certificate as a file.
    static func write(_ authority: Issued, to path: String) throws {
        try PEMOutput.write(to: path, mode: 0o644) { PEM_write_bio_X509($0, authority.certificate) }
    }

    /// Sessions of `context` show it.
    func install(in context: ClientContext) {
        precondition(SSL_CTX_use_certificate(context.context, issued.certificate) == 1)
        precondition(SSL_CTX_use_PrivateKey(context.context, issued.key) == 1)
    }
}
