/// What people want to know about a loaded certificate.
public struct CertificateSummary: Equatable, Sendable {
    public let path: String
    /// DNS names of the SAN in lower case, wildcards as written.
    public let names: [String]
    /// IP addresses of the SAN.
    public var addresses: [String] = []
    /// Distinguished name, as RFC 4514 writes it: `CN=localhost`.
    public var subject = ""
    /// Seconds since 1970, UTC; valid from the first to the last of these.
    public let validFrom: Int64
    public let validUntil: Int64

    /// What an operator should be told at `unixSeconds`: expired, not valid yet, or less than `noticeDays` left.
    /// Nil: nothing.
    public func warning(at unixSeconds: Int64, noticeDays: Int64 = 14) -> String? {
        let day: Int64 = 86_400
        if unixSeconds > validUntil {
            let days = (unixSeconds - validUntil) / day
            return "\(path): the certificate expired \(days) days ago; clients refuse it; renew it and reload"
        }
        if unixSeconds < validFrom {
            let days = (validFrom - unixSeconds + day - 1) / day
            return "\(path): the certificate becomes valid in \(days) days only; clients refuse it; check the clock"
        }
        guard validUntil - unixSeconds < noticeDays * day else { return nil }
        return "\(path): the certificate expires in \((validUntil - unixSeconds) / day) days; renew it and reload"
    }
}
