import Model
import Support
import Testing

@testable import TLS

struct MessageKeyTests {
    private func code(_ key: MessageKey, _ message: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: MessageKey.codeCount)
        message.withUnsafeBytes { bytes in
            code.withUnsafeMutableBufferPointer { room in
                if let base = room.baseAddress { key.sign(ByteView(bytes), into: base) }
            }
        }
        return code
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// RFC 4231 §4.2, §4.3 and §4.4, whose shorter keys are padded with zeroes all the same.
    static let vectors: [(secret: [UInt8], message: [UInt8], code: String)] = [
        (Array(repeating: 0x0B, count: 20), Array("Hi There".utf8), "b0344c61d8db38535ca8afceaf0bf12b"),
        (Array("Jefe".utf8), Array("what do ya want for nothing?".utf8), "5bdcc146bf60754e6a042426089575c7"),
        (Array(repeating: 0xAA, count: 20), Array(repeating: 0xDD, count: 50), "773ea91e36800e46854db8ebd09181a7"),
    ]

    @Test("the codes of RFC 4231", arguments: vectors)
    func signs(secret: [UInt8], message: [UInt8], expected: String) {
        let key = MessageKey(secret + Array(repeating: 0, count: MessageKey.secretCount - secret.count))
        #expect(hex(code(key, message)) == expected)
        #expect(hex(code(key, message)) == expected, "a key is not used up")
    }

    @Test func verifiesItsOwnCodesAlone() {
        let (key, other) = (MessageKey(Array(1...32)), MessageKey(Array(2...33)))
        let message = Array("message".utf8)
        let good = code(key, message)
        func verifies(_ key: MessageKey, _ code: [UInt8]) -> Bool {
            message.withUnsafeBytes { bytes in
                code.withUnsafeBufferPointer { code in
                    code.baseAddress.map { key.verifies(ByteView(bytes), code: $0) } ?? false
                }
            }
        }
        #expect(verifies(key, good) && !verifies(other, good))
        for bit in 0..<128 {
            var bad = good
            bad[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!verifies(key, bad), "bit \(bit)")
        }
    }
}
