import Glibc
import Model
import Reactor
import Synchronization
import Testing

/// What happens when no descriptor is left, on a thread with a descriptor table of its own: other tests keep theirs.
struct ReserveDescriptorTests {
    /// close_range(2) with CLOSE_RANGE_UNSHARE; nil where the C library or the kernel lacks it.
    private static let unshareDescriptors: (@Sendable () -> Bool)? = {
        guard let symbol = dlsym(nil, "close_range") else { return nil }
        typealias Call = @convention(c) (UInt32, UInt32, Int32) -> Int32
        let call = unsafeBitCast(symbol, to: Call.self)
        let unshare: Int32 = 2
        // Far above what may be open: only asks whether the kernel knows the call.
        guard call(.max - 1, .max, 0) == 0 else { return nil }
        return { call(3, .max, unshare) == 0 }
    }()

    /// Raised first, so that no other test can while this one runs.
    private static var canRun: Bool { unshareDescriptors != nil && DescriptorLimit.raise() <= 1 << 20 }

    @Test(.enabled(if: canRun, "needs close_range(2) and a descriptor limit that can be reached"))
    func turnsAwayWhoCannotBeAccepted() throws {
        let folder = TemporaryFolder()
        let address = folder.address()
        let said = Mutex<[String]>([])
        let unshare = try #require(Self.unshareDescriptors)
        let thread = startThread(name: "exhausted") {
            let lines = unshare() ? Self.exhaust(address) : ["cannot unshare"]
            said.withLock { $0 = lines }
        }
        thread.join()
        let expected = [
            "exhausted \(EMFILE)", "turned away: true", "first: failed(\(ECONNRESET))", "exhausted \(EMFILE)",
            "turned away: true", "second: failed(\(ECONNRESET))", "exhausted \(EMFILE)", "turned away: false",
            "accepted",
        ]
        #expect(said.withLock { $0 } == expected)
    }

    /// Two clients come when nothing is left, a third when there is room again.
    private static func exhaust(_ address: Address) -> [String] {
        var lines: [String] = []
        do {
            let listener = try Socket.listen(on: address, reusePort: false, backlog: 8)
            var reserve = try ReserveDescriptor()
            let first = try Socket.connect(to: address)
            let second = try Socket.connect(to: address)
            let third = try Socket.connect(to: address)
            _ = (first.send("a"), second.send("b"))
            var filler: [Int32] = []
            while let copy = Optional(dup(0)), copy >= 0 { filler.append(copy) }
            lines.append(name(listener.accept()))
            lines.append("turned away: \(reserve.acceptAndClose(listener))")
            lines.append("first: \(first.receive().result)")
            lines.append(name(listener.accept()))
            lines.append("turned away: \(reserve.acceptAndClose(listener))")
            lines.append("second: \(second.receive().result)")
            let last = filler.removeLast()
            close(last)
            let accepted = listener.accept()
            lines.append(name(listener.accept()))
            lines.append("turned away: \(reserve.acceptAndClose(listener))")
            lines.append(name(accepted))
            for descriptor in filler { close(descriptor) }
            _ = third.descriptor
        } catch { lines.append("\(error)") }
        return lines
    }

    private static func name(_ result: consuming AcceptResult) -> String {
        switch result {
        case .accepted: "accepted"
        case .wouldBlock: "nobody"
        case .exhausted(let code): "exhausted \(code)"
        case .failed(let code): "failed \(code)"
        }
    }
}
