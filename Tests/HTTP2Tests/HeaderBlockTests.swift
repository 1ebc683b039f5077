import CNghttp2
import Model
import Testing

@testable import HTTP2

struct HeaderBlockTests {
    let pool = HeaderBlockPool()

    private func with<Result>(_ text: String, _ body: (ByteView) -> Result) -> Result {
        Array(text.utf8).withUnsafeBytes { body(ByteView($0)) }
    }

    private func add(_ name: String, _ value: String, to block: HeaderBlock) {
        with(name) { name in with(value) { block.append(copyingName: name, copying: $0) } }
    }

    private func text(_ block: HeaderBlock) -> [String] {
        (0..<block.count).map { "\(block.name($0).text)=\(block.value($0).text)" }
    }

    @Test("a field lies in memory as nghttp2's does")
    func layout() {
        typealias Ours = HeaderBlock.Field
        typealias Theirs = nghttp2_nv
        #expect(MemoryLayout<Ours>.stride == MemoryLayout<Theirs>.stride)
        #expect(MemoryLayout<Ours>.alignment == MemoryLayout<Theirs>.alignment)
        #expect(MemoryLayout<Ours>.offset(of: \.name) == MemoryLayout<Theirs>.offset(of: \.name))
        #expect(MemoryLayout<Ours>.offset(of: \.value) == MemoryLayout<Theirs>.offset(of: \.value))
        #expect(MemoryLayout<Ours>.offset(of: \.nameCount) == MemoryLayout<Theirs>.offset(of: \.namelen))
        #expect(MemoryLayout<Ours>.offset(of: \.valueCount) == MemoryLayout<Theirs>.offset(of: \.valuelen))
        #expect(MemoryLayout<Ours>.offset(of: \.flags) == MemoryLayout<Theirs>.offset(of: \.flags))
    }

    @Test("a copy outlives what it was made from")
    func copies() {
        let (block, copy) = (pool.take(), pool.take())
        add("short", "1", to: block)
        add("long", String(repeating: "l", count: 2_000), to: block)
        block.append("via", .via, literal: "2.0 x")
        // A value in the middle of bytes that had no room in the arena.
        let bytes = block.allocate(1_000)
        bytes.update(repeating: 109, count: 1_000)
        block.append("middle", .other, held: ByteView(base: bytes + 3, count: 20))
        let (before, size) = (text(block), block.listBytes)
        block.copyFields(to: copy)
        pool.give(back: block)
        let other = pool.take()
        for number in 0..<30 { add("other", String(repeating: "o", count: number * 100), to: other) }
        #expect(text(copy) == before && copy.listBytes == size)
        #expect((0..<4).map { copy.token($0) } == [.other, .other, .via, .other])
    }

    @Test("keeps order, duplicates and bytes that are no text")
    func keeps() {
        let block = pool.take()
        add(":path", "/", to: block)
        add("a", "1", to: block)
        add("b", "", to: block)
        add("a", "2", to: block)
        block.append("via", .via, literal: "2.0 x")
        [UInt8]([0xFF, 0x00]).withUnsafeBytes { block.append("bin", copying: ByteView($0)) }
        #expect(text(block).dropLast() == [":path=/", "a=1", "b=", "a=2", "via=2.0 x"])
        #expect(Array(block.value(5).raw) == [0xFF, 0x00])
        #expect((0..<6).map { block.token($0) } == [.path, .other, .other, .other, .via, .other])
        #expect(block.value(of: .via).text == "2.0 x")
        #expect(block.value(of: .host).isAbsent)
        #expect(with("a") { block.value(named: $0).text } == "1")
        #expect(with("c") { block.value(named: $0).isAbsent })
        pool.give(back: block)
    }

    @Test("counts octets as SETTINGS_MAX_HEADER_LIST_SIZE does, through every change")
    func countsOctets() {
        let block = pool.take()
        add("a", "123", to: block)
        add("bb", "1", to: block)
        #expect(block.listBytes == 32 + 4 + 32 + 3)
        block.replace(1, held: ByteView(base: block.allocate(10), count: 10))
        #expect(block.listBytes == 32 + 4 + 32 + 12)
        block.remove(at: 0)
        #expect(block.listBytes == 32 + 12)
        pool.give(back: block)
    }

    @Test("removes a field from anywhere", arguments: 0..<5)
    func removes(index: Int) {
        let block = pool.take()
        for number in 0..<5 { add("n", "\(number)", to: block) }
        block.remove(at: index)
        #expect(text(block) == (0..<5).filter { $0 != index }.map { "n=\($0)" })
        pool.give(back: block)
    }

    @Test("replaces a value where it stands")
    func replaces() {
        let block = pool.take()
        for number in 0..<3 { add("n", "\(number)", to: block) }
        let bytes = block.allocate(2)
        (bytes[0], bytes[1]) = (120, 121)
        block.replace(1, held: ByteView(base: bytes, count: 2))
        #expect(text(block) == ["n=0", "n=xy", "n=2"])
        pool.give(back: block)
    }

    @Test("grows beyond its first capacity and its arena", arguments: [1, 24, 25, 200])
    func grows(count: Int) {
        let block = pool.take()
        for number in 0..<count { add("name-\(number)", String(repeating: "v", count: number * 7), to: block) }
        #expect(text(block) == (0..<count).map { "name-\($0)=\(String(repeating: "v", count: $0 * 7))" })
        pool.give(back: block)
        let again = pool.take()
        #expect(again.count == 0 && again.listBytes == 0)
        pool.give(back: again)
    }

    @Test("a value larger than the arena has room of its own")
    func holdsLargeValues() {
        let block = pool.take()
        let large = String(repeating: "x", count: HeaderBlock.arenaCapacity + 1)
        add("a", large, to: block)
        add("b", "small", to: block)
        #expect(text(block) == ["a=\(large)", "b=small"])
        pool.give(back: block)
    }

    @Test("lives until its last holder gives it back")
    func countsHolders() {
        let block = pool.take()
        add("a", "1", to: block)
        let second = block.held()
        pool.give(back: block)
        #expect(text(second) == ["a=1"])
        pool.give(back: second)
        let next = pool.take()
        #expect(next.count == 0, "the same memory, without fields")
        pool.give(back: next)
    }

    @Test("fields that will not come again are marked so")
    func marks() {
        let block = pool.take()
        block.append("a", literal: "1")
        block.append("b", held: "2")
        let flags = (0..<2).map { block.submission[$0].flags }
        #expect(flags == [HeaderBlock.heldFlags, HeaderBlock.onceFlags])
        #expect(HeaderBlock.heldFlags & UInt8(NGHTTP2_NV_FLAG_NO_INDEX.rawValue) == 0)
        #expect(HeaderBlock.onceFlags & UInt8(NGHTTP2_NV_FLAG_NO_INDEX.rawValue) != 0)
        pool.give(back: block)
    }
}
