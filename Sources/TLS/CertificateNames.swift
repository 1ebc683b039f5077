/// Which certificate answers to which name: the exact name, else the wildcard one label up (RFC 6125 §6.4.3), else the
/// first certificate. Of two certificates with the same name the first counts.
struct CertificateNames {
    /// In lower case, as bytes: nothing is decoded at lookup. Of wildcards, what follows the `*`, dot included.
    private var exact: [[UInt8]: Int] = [:]
    private var wildcard: [[UInt8]: Int] = [:]

    init(_ namesByCertificate: [[String]]) {
        for (index, names) in namesByCertificate.enumerated() {
            for name in names { add(Array(name.utf8), index) }
        }
    }

    private mutating func add(_ name: [UInt8], _ index: Int) {
        if name.starts(with: [42, 46]) {
            let suffix = Array(name.dropFirst())
            wildcard[suffix] = wildcard[suffix] ?? index
        } else {
            exact[name] = exact[name] ?? index
        }
    }

    /// `name` as the client sent it, in any case. Once a handshake.
    func certificate(for name: UnsafeBufferPointer<UInt8>) -> Int {
        var lower = [UInt8](name)
        for index in lower.indices where (65...90).contains(lower[index]) { lower[index] |= 0x20 }
        if lower.last == 46 { lower.removeLast() }
        if let index = exact[lower] { return index }
        guard let dot = lower.firstIndex(of: 46), dot > 0 else { return 0 }
        return wildcard[Array(lower[dot...])] ?? 0
    }
}
