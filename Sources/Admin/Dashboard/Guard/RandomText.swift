import ControlPlane
import Crypto

/// Texts that nobody guesses.
enum RandomText {
    /// 32 random bytes, hexadecimal.
    static func make() -> String {
        var random = SystemRandomNumberGenerator()
        return HexText.lowercase((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    /// Takes the same time wherever they differ: digests are compared so.
    static func areEqual(_ a: String, _ b: String) -> Bool {
        SHA256.hash(data: Array(a.utf8)) == SHA256.hash(data: Array(b.utf8))
    }
}
