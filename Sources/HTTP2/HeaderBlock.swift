import CNghttp2
public import Model
public import Wire

/// A list of header fields, in order, duplicates and all, with its values held by reference: nghttp2's counted buffers
/// for what was received, the block's own arena for what was added. Made by a `HeaderBlockPool` and held by counting:
/// each holder gives it back once; submitting it to a session hands one hold over.
public struct HeaderBlock: BitwiseCopyable {
    /// One field, laid out as `nghttp2_nv` is, so that a block can be submitted as it stands.
    @usableFromInline struct Field {
        @usableFromInline var name: UnsafePointer<UInt8>
        @usableFromInline var value: UnsafePointer<UInt8>
        @usableFromInline var nameCount: Int
        @usableFromInline var valueCount: Int
        @usableFromInline var flags: UInt8
    }

    /// What keeps a field's bytes alive: two counted buffers, or nil for the arena and literals.
    struct References {
        var name: OpaquePointer?
        var value: OpaquePointer?
    }

    @usableFromInline struct Storage {
        @usableFromInline var fields: UnsafeMutablePointer<Field>
        @usableFromInline var tokens: UnsafeMutablePointer<HeaderToken>
        var references: UnsafeMutablePointer<References>
        @usableFromInline var count = 0
        var capacity: Int
        /// Size as SETTINGS_MAX_HEADER_LIST_SIZE counts it: 32 for each field and its octets (RFC 9113 §6.5.2).
        @usableFromInline var listBytes = 0
        var arena: UnsafeMutablePointer<UInt8>
        var arenaCount = 0
        var holders = 1
        /// Allocations too large for the arena; rare.
        var extra: [UnsafeMutableBufferPointer<UInt8>] = []
    }

    @usableFromInline let storage: UnsafeMutablePointer<Storage>
    static let initialCapacity = 24
    static let arenaCapacity = 768
    /// Names and values are not copied by nghttp2: the block outlives the frame.
    static let heldFlags = UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue)
    /// The same for values that never come again: not worth a place in the peer's table.
    static let onceFlags = heldFlags | UInt8(NGHTTP2_NV_FLAG_NO_INDEX.rawValue)

    static func make() -> HeaderBlock {
        let storage = UnsafeMutablePointer<Storage>.allocate(capacity: 1)
        storage.initialize(
            to: Storage(
                fields: .allocate(capacity: initialCapacity), tokens: .allocate(capacity: initialCapacity),
                references: .allocate(capacity: initialCapacity), capacity: initialCapacity,
                arena: .allocate(capacity: arenaCapacity)))
        return HeaderBlock(storage: storage)
    }

    func destroy() {
        reset()
        storage.pointee.fields.deallocate()
        storage.pointee.tokens.deallocate()
        storage.pointee.references.deallocate()
        storage.pointee.arena.deallocate()
        storage.deinitialize(count: 1)
        storage.deallocate()
    }

    /// Lets go of every field.
    func reset() {
        for index in 0..<storage.pointee.count { release(index) }
        storage.pointee.count = 0
        storage.pointee.listBytes = 0
        storage.pointee.arenaCount = 0
        if !storage.pointee.extra.isEmpty {
            for bytes in storage.pointee.extra { bytes.deallocate() }
            storage.pointee.extra.removeAll()
        }
    }

    /// One more holder.
    public func held() -> HeaderBlock {
        storage.pointee.holders += 1
        return self
    }

    private func release(_ index: Int) {
        let references = storage.pointee.references[index]
        if let name = references.name { nghttp2_rcbuf_decref(name) }
        if let value = references.value { nghttp2_rcbuf_decref(value) }
    }

    @inlinable public var count: Int { storage.pointee.count }
    @inlinable public var listBytes: Int { storage.pointee.listBytes }
    @inlinable public func token(_ index: Int) -> HeaderToken { storage.pointee.tokens[index] }
    @inlinable public func name(_ index: Int) -> ByteView {
        let field = storage.pointee.fields + index
        return ByteView(base: field.pointee.name, count: field.pointee.nameCount)
    }
    @inlinable public func value(_ index: Int) -> ByteView {
        let field = storage.pointee.fields + index
        return ByteView(base: field.pointee.value, count: field.pointee.valueCount)
    }

    /// The first field with that token, or absent.
    public func value(of token: HeaderToken) -> ByteView {
        for index in 0..<count where self.token(index) == token { return value(index) }
        return .absent
    }

    /// The first field of that lower-case name, or absent.
    public func value(named name: ByteView) -> ByteView {
        for index in 0..<count where self.name(index).equals(name) { return value(index) }
        return .absent
    }

    // MARK: Adding

    /// Takes one more reference to each buffer; names of HPACK's static table need none and are known by address.
    @inline(__always)
    func append(name: OpaquePointer, value: OpaquePointer, isSensitive: Bool, _ names: StaticNames) {
        nghttp2_rcbuf_incref(value)
        let valueBytes = nghttp2_rcbuf_get_buf(value)
        let flags = isSensitive ? HeaderBlock.onceFlags : HeaderBlock.heldFlags
        let known = names.entry(of: name)
        let isKnown = known.pointee.buffer == name || learn(name, known)
        let named = isKnown ? known.pointee : unknown(name)
        append(
            Field(
                name: named.bytes, value: UnsafePointer(valueBytes.base), nameCount: named.count,
                valueCount: valueBytes.len, flags: flags),
            References(name: isKnown ? nil : name, value: value), named.token)
    }

    /// Puts a static name where it will be found; false for any other name.
    @inline(never)
    private func learn(_ name: OpaquePointer, _ entry: UnsafeMutablePointer<StaticNames.Entry>) -> Bool {
        guard nghttp2_rcbuf_is_static(name) != 0 else { return false }
        entry.initialize(to: described(name))
        return true
    }

    @inline(never)
    private func unknown(_ name: OpaquePointer) -> StaticNames.Entry {
        nghttp2_rcbuf_incref(name)
        return described(name)
    }

    private func described(_ name: OpaquePointer) -> StaticNames.Entry {
        let bytes = nghttp2_rcbuf_get_buf(name)
        return StaticNames.Entry(
            buffer: name, bytes: UnsafePointer(bytes.base), count: bytes.len,
            token: HeaderToken(ByteView(base: bytes.base, count: bytes.len)))
    }

    /// Adds a field whose bytes live as long as the process.
    public func append(_ name: ByteView, _ token: HeaderToken = .other, literal value: ByteView) {
        append(field(name, value, HeaderBlock.heldFlags), References(), token)
    }

    /// Adds a field; the value is copied, the name lives as long as the process.
    public func append(_ name: ByteView, _ token: HeaderToken = .other, copying value: ByteView) {
        let bytes = allocate(value.count)
        if let base = value.base { bytes.update(from: base, count: value.count) }
        let copy = ByteView(base: bytes, count: value.count)
        append(field(name, copy, HeaderBlock.heldFlags), References(), token)
    }

    /// Adds a field whose value stands in the block already (`allocate`) and will hardly come again: it does not enter
    /// the peer's header table.
    /// - Parameter introducesName: it enters once, so that the next ones need not spell the name.
    public func append(
        _ name: ByteView, _ token: HeaderToken = .other, held value: ByteView, introducesName: Bool = false
    ) {
        let flags = introducesName ? HeaderBlock.heldFlags : HeaderBlock.onceFlags
        append(field(name, value, flags), References(), token)
    }

    /// Adds a field, name and value copied.
    public func append(copyingName name: ByteView, copying value: ByteView) {
        let bytes = allocate(name.count)
        if let base = name.base { bytes.update(from: base, count: name.count) }
        append(ByteView(base: bytes, count: name.count), HeaderToken(name), copying: value)
    }

    /// Room for `byteCount` bytes that live as long as the block's fields do.
    public func allocate(_ byteCount: Int) -> UnsafeMutablePointer<UInt8> {
        let start = storage.pointee.arenaCount
        if start + byteCount <= HeaderBlock.arenaCapacity {
            storage.pointee.arenaCount = start + byteCount
            return storage.pointee.arena + start
        }
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, byteCount))
        storage.pointee.extra.append(UnsafeMutableBufferPointer(start: bytes, count: max(1, byteCount)))
        return bytes
    }

    private func field(_ name: ByteView, _ value: ByteView, _ flags: UInt8) -> Field {
        let nothing = storage.pointee.arena
        return Field(
            name: name.base ?? UnsafePointer(nothing), value: value.base ?? UnsafePointer(nothing),
            nameCount: name.count, valueCount: value.count, flags: flags)
    }

    @inline(__always)
    private func append(_ field: Field, _ references: References, _ token: HeaderToken) {
        let storage = storage
        let index = storage.pointee.count
        if index == storage.pointee.capacity { grow() }
        (storage.pointee.fields + index).initialize(to: field)
        (storage.pointee.references + index).initialize(to: references)
        storage.pointee.tokens[index] = token
        storage.pointee.count = index &+ 1
        storage.pointee.listBytes &+= 32 &+ field.nameCount &+ field.valueCount
    }

    private func grow() {
        let (count, capacity) = (storage.pointee.count, storage.pointee.capacity * 2)
        let fields = UnsafeMutablePointer<Field>.allocate(capacity: capacity)
        let tokens = UnsafeMutablePointer<HeaderToken>.allocate(capacity: capacity)
        let references = UnsafeMutablePointer<References>.allocate(capacity: capacity)
        fields.moveInitialize(from: storage.pointee.fields, count: count)
        tokens.moveInitialize(from: storage.pointee.tokens, count: count)
        references.moveInitialize(from: storage.pointee.references, count: count)
        storage.pointee.fields.deallocate()
        storage.pointee.tokens.deallocate()
        storage.pointee.references.deallocate()
        storage.pointee.fields = fields
        storage.pointee.tokens = tokens
        storage.pointee.references = references
        storage.pointee.capacity = capacity
    }

    // MARK: Changing

    /// Replaces a field's value, where it stands, by one that stands in the block already (`allocate`).
    public func replace(_ index: Int, held value: ByteView) {
        if let old = storage.pointee.references[index].value { nghttp2_rcbuf_decref(old) }
        storage.pointee.listBytes += value.count - self.value(index).count
        storage.pointee.references[index].value = nil
        storage.pointee.fields[index].value = value.base ?? UnsafePointer(storage.pointee.arena)
        storage.pointee.fields[index].valueCount = value.count
    }

    /// Removes the field at `index`; those behind it move up, order kept.
    public func remove(at index: Int) {
        release(index)
        storage.pointee.listBytes -= 32 + name(index).count + value(index).count
        let after = storage.pointee.count - index - 1
        (storage.pointee.fields + index).update(from: storage.pointee.fields + index + 1, count: after)
        (storage.pointee.tokens + index).update(from: storage.pointee.tokens + index + 1, count: after)
        (storage.pointee.references + index).update(from: storage.pointee.references + index + 1, count: after)
        storage.pointee.count -= 1
    }

    /// Appends all fields to another block, which does not need this one then: received buffers are shared, bytes of
    /// the arena copied, literals left where they are.
    public func copyFields(to other: HeaderBlock) {
        for index in 0..<count {
            let references = storage.pointee.references[index]
            var field = storage.pointee.fields[index]
            if let name = references.name { nghttp2_rcbuf_incref(name) }
            if let value = references.value { nghttp2_rcbuf_incref(value) }
            if isOwn(field.name) { field.name = other.copy(name(index)) }
            if isOwn(field.value) { field.value = other.copy(value(index)) }
            other.append(field, references, token(index))
        }
    }

    private func isOwn(_ bytes: UnsafePointer<UInt8>) -> Bool {
        let arena = UnsafePointer(storage.pointee.arena)
        if bytes >= arena, bytes < arena + HeaderBlock.arenaCapacity { return true }
        for extra in storage.pointee.extra {
            let start = UnsafePointer(extra.baseAddress.unsafelyUnwrapped)
            if bytes >= start, bytes < start + extra.count { return true }
        }
        return false
    }

    private func copy(_ view: ByteView) -> UnsafePointer<UInt8> {
        let bytes = allocate(view.count)
        if let base = view.base { bytes.update(from: base, count: view.count) }
        return UnsafePointer(bytes)
    }

    /// The fields as nghttp2 takes them.
    var submission: UnsafePointer<nghttp2_nv> {
        UnsafeRawPointer(storage.pointee.fields).assumingMemoryBound(to: nghttp2_nv.self)
    }
}

/// A worker's unused header blocks. Confined to one thread.
public final class HeaderBlockPool {
    /// Blocks kept for reuse, two for each of 2,000 exchanges; a peak of more goes back to malloc.
    private static let keptCount = 4_096
    private var free: [HeaderBlock] = []
    let names = StaticNames()
    /// nghttp2's own memory on this thread; sessions keep the pool alive.
    let memory = cnghttp2_pool_new()

    public init() { free.reserveCapacity(HeaderBlockPool.keptCount) }
    deinit {
        for block in free { block.destroy() }
        names.deallocate()
        cnghttp2_pool_delete(memory)
    }

    /// A block without fields, held once.
    public func take() -> HeaderBlock {
        guard let block = free.popLast() else { return .make() }
        block.storage.pointee.holders = 1
        return block
    }

    /// Ends one hold; the last one frees the fields.
    public func give(back block: HeaderBlock) {
        block.storage.pointee.holders -= 1
        guard block.storage.pointee.holders == 0 else { return }
        guard free.count < HeaderBlockPool.keptCount else { return block.destroy() }
        block.reset()
        free.append(block)
    }
}
