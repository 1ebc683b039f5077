import Model
import Testing

@testable import Discovery

struct FileTableTests {
    private static let one = Address.ip(.loopback, port: 1)
    private static let two = Address.ip(.loopback, port: 2)
    private static let stamp = FileStamp(device: 1, inode: 2, byteCount: 3, modifiedNanoseconds: 4)

    private static func table() -> FileTable {
        var table = FileTable()
        table.adopt(["a.txt": .init(stamp: stamp, addresses: [one])])
        return table
    }

    static let stamps: [(FileStamp?, Bool)] = [
        (stamp, false), (nil, true),
        (FileStamp(device: 2, inode: 2, byteCount: 3, modifiedNanoseconds: 4), true),
        (FileStamp(device: 1, inode: 9, byteCount: 3, modifiedNanoseconds: 4), true),
        (FileStamp(device: 1, inode: 2, byteCount: 9, modifiedNanoseconds: 4), true),
        (FileStamp(device: 1, inode: 2, byteCount: 3, modifiedNanoseconds: 9), true),
    ]

    @Test("any other stamp is another file", arguments: stamps)
    func isStale(stamp: FileStamp?, isStale: Bool) {
        #expect(FileTableTests.table().isStale("a.txt", stamp) == isStale)
        #expect(!FileTableTests.table().isStale("b.txt", stamp))
    }

    @Test func whatChangesIsTold() {
        var table = FileTableTests.table()
        let later = FileStamp(device: 1, inode: 3, byteCount: 3, modifiedNanoseconds: 5)
        #expect(
            table.ended("a.txt", later, .success([FileTableTests.two]))
                == .changed(added: [FileTableTests.two], removed: [FileTableTests.one]))
        #expect(table.addresses == ["a.txt": [FileTableTests.two]])
        #expect(!table.isStale("a.txt", later) && table.isStale("a.txt", FileTableTests.stamp))
        // Another order is another file, but nothing came or went.
        #expect(table.ended("a.txt", later, .success([])) == .changed(added: [], removed: [FileTableTests.two]))
        #expect(table.ended("b.txt", later, .success([])) == .unchanged)
    }

    @Test func aBrokenFileLeavesTheLastGoodOne() {
        var table = FileTableTests.table()
        let (bad, worse) = (LookupFailure(reason: "a.txt:1:1: error"), LookupFailure(reason: "a.txt:2:1: error"))
        #expect(table.ended("a.txt", nil, .failure(bad)) == .failed(bad.reason))
        #expect(!table.isStale("a.txt", nil))  // read once, not every second
        #expect(table.ended("a.txt", nil, .failure(bad)) == .unchanged)
        #expect(table.ended("a.txt", nil, .failure(worse)) == .failed(worse.reason))
        #expect(table.addresses == ["a.txt": [FileTableTests.one]])
        #expect(table.ended("a.txt", FileTableTests.stamp, .success([FileTableTests.one])) == .recovered)
        #expect(table.ended("a.txt", FileTableTests.stamp, .success([FileTableTests.one])) == .unchanged)
    }
}
