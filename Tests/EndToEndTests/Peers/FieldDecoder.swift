import CNghttp2

/// HPACK's decoder, one a connection and direction. A library's: the edge's frames are judged here, not its Huffman.
final class FieldDecoder {
    private var inflater: OpaquePointer?

    init() { nghttp2_hd_inflate_new(&inflater) }
    deinit { nghttp2_hd_inflate_del(inflater) }

    func decode(_ block: [UInt8]) throws -> Fields {
        var (fields, position) = (Fields(), 0)
        try block.withUnsafeBufferPointer { bytes in
            while true {
                var (pair, flags) = (nghttp2_nv(), Int32(0))
                let start = bytes.baseAddress.map { $0 + position }
                let count = nghttp2_hd_inflate_hd2(inflater, &pair, &flags, start, bytes.count - position, 1)
                guard count >= 0 else { throw HarnessError("a header block that is not HPACK: \(count)") }
                position += count
                if flags & Int32(NGHTTP2_HD_INFLATE_EMIT.rawValue) != 0 {
                    fields.append(text(pair.name, pair.namelen), text(pair.value, pair.valuelen))
                }
                if flags & Int32(NGHTTP2_HD_INFLATE_FINAL.rawValue) != 0 { break }
            }
        }
        nghttp2_hd_inflate_end_headers(inflater)
        return fields
    }

    private func text(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> String {
        var text = String.UnicodeScalarView()
        for byte in UnsafeBufferPointer(start: bytes, count: count) { text.append(Unicode.Scalar(byte)) }
        return String(text)
    }
}
