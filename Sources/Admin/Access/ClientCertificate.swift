import NIOCore
import NIOSSL

/// Whom a verified client certificate names.
enum ClientCertificate {
    struct Name: Equatable, Sendable {
        enum Kind: Equatable, Sendable { case dns, uri, common }
        let kind: Kind
        let text: String

        /// Names of the DNS have no case (RFC 4343); all else is compared as it is.
        func matches(_ other: String) -> Bool {
            kind == .dns ? text.lowercased() == other.lowercased() : text == other
        }
    }

    /// Of the client at the other end; nil: it showed none, or there is no TLS. The handshake has verified it.
    static func names(of channel: any Channel) async -> [Name]? {
        guard let certificate = try? await channel.nioSSL_peerCertificate().get(),
            let encoded = try? certificate.toDERBytes()
        else { return nil }
        return names(inDER: encoded)
    }

    /// Alternative names in their order, then common names; empty where it cannot be read.
    static func names(inDER bytes: [UInt8]) -> [Name] {
        var file = DERReader(bytes[...])
        // Certificate ::= SEQUENCE { tbsCertificate SEQUENCE { [0] version, serial, algorithm, issuer, validity,
        // subject, key, …, [3] extensions }, … } (RFC 5280 §4.1)
        guard var certificate = file.enter(0x30), var body = certificate.enter(0x30) else { return [] }
        _ = body.enter(0xA0)
        for tag in [0x02, 0x30, 0x30, 0x30] as [UInt8] where body.enter(tag) == nil { return [] }
        guard let subject = body.enter(0x30) else { return [] }
        return alternativeNames(&body) + commonNames(subject)
    }

    /// RDNSequence ::= SEQUENCE OF SET OF SEQUENCE { type OID, value }
    private static func commonNames(_ subject: DERReader) -> [Name] {
        var (subject, names) = (subject, [Name]())
        while var set = subject.enter(0x31) {
            while var pair = set.enter(0x30) {
                guard let type = pair.enter(0x06), type.bytes.elementsEqual([0x55, 0x04, 0x03]) else { continue }
                guard let value = pair.next() else { continue }
                names.append(Name(kind: .common, text: String(decoding: value.contents, as: UTF8.self)))
            }
        }
        return names
    }

    /// Extension ::= SEQUENCE { id OID, critical BOOLEAN OPTIONAL, value OCTET STRING }
    private static func alternativeNames(_ body: inout DERReader) -> [Name] {
        while let element = body.next() {
            guard element.tag == 0xA3 else { continue }
            var wrapper = DERReader(element.contents)
            guard var list = wrapper.enter(0x30) else { return [] }
            while var item = list.enter(0x30) {
                guard let id = item.enter(0x06), id.bytes.elementsEqual([0x55, 0x1D, 0x11]) else { continue }
                _ = item.enter(0x01)
                guard var value = item.enter(0x04), let names = value.enter(0x30) else { return [] }
                return generalNames(names)
            }
        }
        return []
    }

    private static func generalNames(_ list: DERReader) -> [Name] {
        var (list, names) = (list, [Name]())
        while let element = list.next() {
            let kinds: [UInt8: Name.Kind] = [0x82: .dns, 0x86: .uri]
            guard let kind = kinds[element.tag] else { continue }
            names.append(Name(kind: kind, text: String(decoding: element.contents, as: UTF8.self)))
        }
        return names
    }
}

/// Elements of DER, one after another: a tag, a length, the contents (X.690 §8.1). Nil at the end, and at what is none.
struct DERReader {
    private(set) var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    mutating func next() -> (tag: UInt8, contents: ArraySlice<UInt8>)? {
        guard bytes.count >= 2 else { return nil }
        let tag = bytes[bytes.startIndex]
        var rest = bytes.dropFirst()
        guard let first = rest.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            let count = Int(first & 0x7F)
            guard (1...4).contains(count), rest.count >= count else { return nil }
            length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
        }
        guard rest.count >= length else { return nil }
        bytes = rest.dropFirst(length)
        return (tag, rest.prefix(length))
    }

    /// The inside of the next element, if it has this tag; nil leaves everything as it is.
    mutating func enter(_ tag: UInt8) -> DERReader? {
        guard bytes.first == tag else { return nil }
        return next().map { DERReader($0.contents) }
    }
}
