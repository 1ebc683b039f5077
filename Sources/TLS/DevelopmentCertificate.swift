import COpenSSL
import Glibc
import Model

/// Certificates for the demo and for tests: a fresh authority and one certificate from it, EC P-256, as PEM files. The
/// authority's key is never written, so nothing else can be signed with it.
public struct DevelopmentCertificate: Equatable, Sendable {
    /// `ca.crt`: what clients should trust.
    public let authorityPath: String
    /// `dev.crt`.
    public let certificatePath: String
    /// `dev.key`, readable by its owner alone.
    public let keyPath: String

    /// Writes (or replaces) the three files in `folder`, which is made when missing, its parent not. `names` are DNS
    /// names, wildcards or IP addresses; at least one. Valid from yesterday, for 30 days.
    @discardableResult
    public static func make(names: [String], in folder: String) throws(TLSError) -> DevelopmentCertificate {
        try make(names: names, in: folder, validFrom: -86_400, validUntil: 30 * 86_400)
    }

    /// The same with a validity in seconds from now.
    static func make(
        names: [String], in folder: String, validFrom: Int, validUntil: Int
    ) throws(TLSError) -> DevelopmentCertificate {
        let alternatives = try alternativeNames(names)
        let validity = (validFrom, validUntil)
        if mkdir(folder, 0o700) != 0, errno != EEXIST { throw PEMOutput.unwritable(folder, errno) }
        let authority = try Issued(subject: "Portolan development authority", validity: validity)
        try authority.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", issuer: authority)
        try authority.add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: authority)
        try authority.add(NID_subject_key_identifier, "hash", issuer: authority)
        try authority.sign(by: authority)
        let leaf = try Issued(subject: "Portolan development", validity: validity)
        try leaf.add(NID_basic_constraints, "critical,CA:FALSE", issuer: authority)
        try leaf.add(NID_key_usage, "critical,digitalSignature", issuer: authority)
        try leaf.add(NID_ext_key_usage, "serverAuth,clientAuth", issuer: authority)
        try leaf.add(NID_authority_key_identifier, "keyid", issuer: authority)
        try leaf.add(NID_subject_alt_name, alternatives, issuer: authority)
        try leaf.sign(by: authority)
        let made = DevelopmentCertificate(
            authorityPath: "\(folder)/ca.crt", certificatePath: "\(folder)/dev.crt", keyPath: "\(folder)/dev.key")
        try PEMOutput.write(to: made.authorityPath, mode: 0o644) { PEM_write_bio_X509($0, authority.certificate) }
        try PEMOutput.write(to: made.certificatePath, mode: 0o644) { PEM_write_bio_X509($0, leaf.certificate) }
        try PEMOutput.write(to: made.keyPath, mode: 0o600) {
            PEM_write_bio_PrivateKey($0, leaf.key, nil, nil, 0, nil, nil)
        }
        return made
    }

    /// OpenSSL's notation. Only what a name may hold passes: a comma would begin another entry.
    private static func alternativeNames(_ names: [String]) throws(TLSError) -> String {
        var entries: [String] = []
        for name in names {
            if IPAddress(name) != nil {
                entries.append("IP:\(name)")
                continue
            }
            let isName =
                (1...253).contains(name.utf8.count)
                && name.utf8.allSatisfy { byte in
                    (97...122).contains(byte | 0x20) || (48...57).contains(byte) || [42, 45, 46, 95].contains(byte)
                }
            guard isName else {
                throw TLSError(.serverNameInvalid, detail: "'\(name)': not a DNS name, a wildcard or an IP address")
            }
            entries.append("DNS:\(name)")
        }
        guard !entries.isEmpty else {
            throw TLSError(.serverNameInvalid, detail: "a development certificate needs at least one name")
        }
        return entries.joined(separator: ",")
    }
}
