import Model

/// The texts behind a record's head in its ring: views that end with the drain's callback.
struct RecordTexts {
    let requestID: UnsafeRawBufferPointer
    let authority: UnsafeRawBufferPointer
    let path: UnsafeRawBufferPointer
    let tenant: UnsafeRawBufferPointer
    /// The region asked for by somebody who may.
    let xRegion: UnsafeRawBufferPointer

    /// Splits one ring entry into head and texts; nil when its lengths do not add up.
    static func parse(_ bytes: UnsafeRawBufferPointer) -> (RequestRecord, RecordTexts)? {
        let headCount = MemoryLayout<RequestRecord>.size
        guard bytes.count >= headCount else { return nil }
        let record = bytes.loadUnaligned(as: RequestRecord.self)
        guard headCount + record.textCount <= bytes.count else { return nil }
        var start = headCount
        func next(_ count: UInt16) -> UnsafeRawBufferPointer {
            defer { start += Int(count) }
            return UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(count)])
        }
        let texts = RecordTexts(
            requestID: next(record.requestIDCount), authority: next(record.authorityCount),
            path: next(record.pathCount), tenant: next(record.tenantCount), xRegion: next(record.xRegionCount))
        return (record, texts)
    }
}
