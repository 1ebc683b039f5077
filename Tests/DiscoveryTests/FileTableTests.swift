import Model
import Testing

@testable import Discovery

struct FileTableTests {
    private static let one = Address.ip(.loopback, port: 1)
    private static let two = Address.ip(.loopback, port: 2)
    private static let stamp = FileStamp(device: 1, inode: 2, byteCount: 3, modifiedNanoseconds: 4)

    private static func table() -> FileTable {
        var table = FileTable()
        table.adopt(["a.txt": .init(stamp: stamp, addresses: [one])], now: .zero)
        return table
    }

    static let others: [FileStamp?] = [
        nil, FileStamp(device: 2, inode: 2, byteCount: 3, modifiedNanoseconds: 4),
        FileStamp(device: 1, inode: 9, byteCount: 3, modifiedNanoseconds: 4),
        FileStamp(device: 1, inode: 2, byteCount: 9, modifiedNanoseconds: 4),
        FileStamp(device: 1, inode: 2, byteCount: 3, modifiedNanoseconds: 9),
    ]

    @Test("any other stamp is another file, once two looks agree on it", arguments: others)
    func isDue(other: FileStamp?) {
        var table = FileTableTests.table()
        #expect(table.look(at: "a.txt", FileTableTests.stamp, now: .zero) == .same)
        #expect(table.look(at: "b.txt", other, now: .zero) == .same)
        let third = FileStamp(device: 3, inode: 3, byteCount: 3, modifiedNanoseconds: 3)
        for stamp in [other, third, other] {
            #expect(table.look(at: "a.txt", stamp, now: .zero) == .unsettled)
            table.saw("a.txt", stamp)
        }
        #expect(table.look(at: "a.txt", other, now: .zero) == .due)
        _ = table.ended("a.txt", other, .success([]), now: .zero)
        #expect(table.look(at: "a.txt", other, now: .distantFuture) == .same)
    }

    @Test("what is wrong with names may pass, what is wrong with the text does not", arguments: [false, true])
    func failuresAreRetried(isFinal: Bool) {
        var table = FileTableTests.table()
        let failure = LookupFailure(reason: "x", isFinal: isFinal)
        _ = table.ended("a.txt", nil, .failure(failure), now: .zero)
        let (early, late) = (LoopTime.zero.advanced(milliseconds: 4_999), LoopTime.zero.advanced(milliseconds: 5_000))
        #expect(table.look(at: "a.txt", nil, now: early) == .same)
        #expect(table.look(at: "a.txt", nil, now: late) == (isFinal ? .same : .due))
        #expect(table.ended("a.txt", nil, .success([FileTableTests.one]), now: late) == .recovered)
        #expect(table.look(at: "a.txt", nil, now: .distantFuture) == .same)
    }

    @Test func whatChangesIsTold() {
        var table = FileTableTests.table()
        let later = FileStamp(device: 1, inode: 3, byteCount: 3, modifiedNanoseconds: 5)
        #expect(
            table.ended("a.txt", later, .success([FileTableTests.two]), now: .zero)
                == .replaced(by: [FileTableTests.two], leaving: [FileTableTests.one]))
        #expect(table.addresses == ["a.txt": [FileTableTests.two, FileTableTests.one]])
        // Another order is another file, but nothing came or went.
        let turned = [FileTableTests.one, FileTableTests.two]
        _ = table.ended("a.txt", later, .success(turned), now: .zero)
        #expect(
            table.ended("a.txt", later, .success(turned.reversed()), now: .zero) == .changed(added: [], removed: []))
        #expect(
            table.ended("a.txt", later, .success([]), now: .zero) == .changed(added: [], removed: turned.reversed()))
        #expect(table.addresses == ["a.txt": []])
        #expect(table.ended("b.txt", later, .success([]), now: .zero) == .unchanged)
    }

    @Test("what a file no longer says at all stays for 10 s, after a reload too", arguments: [false, true])
    func theOldLingers(isReload: Bool) {
        let one = [FileTableTests.one]
        var table = FileTableTests.table()
        if isReload {
            table.adopt(["a.txt": .init(stamp: nil, addresses: [FileTableTests.two])], now: .zero)
        } else {
            _ = table.ended("a.txt", nil, .success([FileTableTests.two]), now: .zero)
        }
        #expect(table.addresses == ["a.txt": [FileTableTests.two, FileTableTests.one]])
        #expect(table.nextEnd == LoopTime.zero.advanced(milliseconds: 10_000))
        #expect(table.endLingering(now: LoopTime.zero.advanced(milliseconds: 9_999)).isEmpty)
        #expect(table.endLingering(now: table.nextEnd) == ["a.txt": one])
        #expect(table.addresses == ["a.txt": [FileTableTests.two]] && table.nextEnd == .distantFuture)
    }

    @Test func aBrokenFileLeavesTheLastGoodOne() {
        var table = FileTableTests.table()
        let (bad, worse) = (LookupFailure(reason: "a.txt:1:1: error"), LookupFailure(reason: "a.txt:2:1: error"))
        #expect(table.ended("a.txt", nil, .failure(bad), now: .zero) == .failed(bad.reason))
        #expect(table.ended("a.txt", nil, .failure(bad), now: .zero) == .unchanged)
        #expect(table.ended("a.txt", nil, .failure(worse), now: .zero) == .failed(worse.reason))
        #expect(table.addresses == ["a.txt": [FileTableTests.one]])
        #expect(table.ended("a.txt", FileTableTests.stamp, .success([FileTableTests.one]), now: .zero) == .recovered)
        #expect(table.ended("a.txt", FileTableTests.stamp, .success([FileTableTests.one]), now: .zero) == .unchanged)
    }
}
