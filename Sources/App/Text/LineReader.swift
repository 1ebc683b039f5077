import Glibc

/// The lines of a file or pipe, one after another, in room for the longest of them.
struct LineReader {
    /// Longer lines are cut in two; the edge writes none like that.
    private static let longest = 16 << 20
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    /// What was searched already.
    private var searched = 0
    private var hasEnded = false
    /// errno of the read that failed; 0: none did.
    private(set) var error: Int32 = 0

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Without its newline; nil at the end.
    mutating func next() -> ArraySlice<UInt8>? {
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                defer { (start, searched) = (end + 1, end + 1) }
                return buffer[start..<end]
            }
            searched = buffer.count
            if hasEnded || buffer.count - start > LineReader.longest {
                defer { start = buffer.count }
                return start < buffer.count ? buffer[start...] : nil
            }
            fill()
        }
    }

    private mutating func fill() {
        buffer.removeFirst(start)
        (searched, start) = (searched - start, 0)
        let count = withUnsafeTemporaryAllocation(byteCount: 256 << 10, alignment: 16) { room in
            var count = read(descriptor, room.baseAddress, room.count)
            while count < 0, errno == EINTR { count = read(descriptor, room.baseAddress, room.count) }
            if count < 0 { error = errno }
            if count > 0 { buffer += UnsafeRawBufferPointer(rebasing: room[..<count]) }
            return count
        }
        hasEnded = count <= 0
    }
}
