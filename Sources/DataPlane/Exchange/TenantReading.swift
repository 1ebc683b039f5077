import HTTP2
import Model

/// Whose a request is: what the client's certificate, a trusted header and the host say (configuration, `tenants`).
struct TenantReading {
    /// The common name of the verified certificate; absent where it names nobody.
    let certificate: ByteView
    /// Begins with the dot of `*.example.com`; empty: hosts name no tenant.
    let hostSuffix: ByteView

    /// Only the header could name anybody.
    var isPlain: Bool { hostSuffix.isEmpty && certificate.isAbsent }

    /// The one name that all who name anybody agree on; absent: nobody does. Nil: they do not agree.
    ///
    /// - Parameters:
    ///   - field: the trusted header's value, or absent.
    ///   - block: where a host's name in capitals finds room to be folded.
    func tenant(field: ByteView, authority: ByteView, _ block: HeaderBlock) -> ByteView? {
        let host = hostSuffix.isEmpty ? .absent : TenantReading.label(of: authority, hostSuffix, block)
        var name = ByteView.absent
        for index in 0..<3 {
            let said = index == 0 ? field : index == 1 ? certificate : host
            if said.isEmpty { continue }
            if name.isAbsent { name = said } else if !name.equals(said) { return nil }
        }
        return name
    }

    /// The label in front of the suffix, in lower case. Of several the nearest one: `a.acme.example.com` belongs to the
    /// tenant acme, whose fence a name in front must not open.
    static func label(of authority: ByteView, _ suffix: ByteView, _ block: HeaderBlock) -> ByteView {
        let host = host(of: authority)
        guard host.count > suffix.count, host.dropFirst(host.count - suffix.count).equalsIgnoringCase(lowercase: suffix)
        else { return .absent }
        let names = host.prefix(host.count - suffix.count)
        var start = names.count
        while start > 0, names[start - 1] != UInt8(ascii: ".") { start -= 1 }
        let label = names.dropFirst(start)
        if label.isEmpty { return .absent }
        return folded(label, block)
    }

    /// Without port and root's dots.
    private static func host(of authority: ByteView) -> ByteView {
        var end = authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.count
        while end > 0, authority[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return authority.prefix(end)
    }

    private static func folded(_ label: ByteView, _ block: HeaderBlock) -> ByteView {
        var isLower = true
        for index in 0..<label.count where ByteView.lowercased(label[index]) != label[index] { isLower = false }
        if isLower { return label }
        let bytes = block.allocate(label.count)
        for index in 0..<label.count { bytes[index] = ByteView.lowercased(label[index]) }
        return ByteView(base: bytes, count: label.count)
    }
}
