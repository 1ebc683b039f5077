public import Model

/// The secrets behind sessions: the key that hashes producers, tenants and `hash_by` values, which stays for ever, and
/// the keys that sign session tokens, which are renewed.
public struct SecretKeys: Equatable, Sendable {
    public static let secretCount = 32

    public struct TokenKey: Equatable, Sendable {
        /// Grows by one with each.
        public var generation: UInt32
        public var secret: [UInt8]
        /// Seconds since 1970 when it began to sign.
        public var since: UInt64
    }

    public var hashKey: SipHash.Key
    public var current: TokenKey
    /// Still verifies.
    public var previous: TokenKey?

    /// Fresh ones.
    public static func make(nowSeconds: UInt64, _ random: inout some RandomNumberGenerator) -> SecretKeys {
        let hashKey = SipHash.Key(low: random.next(), high: random.next())
        let current = TokenKey(generation: 1, secret: secret(&random), since: nowSeconds)
        return SecretKeys(hashKey: hashKey, current: current, previous: nil)
    }

    /// A new key signs, the present one verifies until the next time, the one before is forgotten.
    public func rotated(nowSeconds: UInt64, _ random: inout some RandomNumberGenerator) -> SecretKeys {
        let fresh = TokenKey(
            generation: current.generation &+ 1, secret: SecretKeys.secret(&random), since: nowSeconds)
        return SecretKeys(hashKey: hashKey, current: fresh, previous: current)
    }

    /// Its time is over, or it is of a day that is still to come: made while the clock was wrong, it would stay until
    /// then.
    public func isDue(nowSeconds: UInt64, rotationSeconds: UInt64) -> Bool {
        if current.since > nowSeconds { return current.since - nowSeconds > SecretKeys.mostAheadSeconds }
        return current.since < nowSeconds && nowSeconds - current.since >= rotationSeconds
    }

    /// So far a clock may be set back without a new key.
    private static let mostAheadSeconds: UInt64 = 86_400

    private static func secret(_ random: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<secretCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    // MARK: As a file: a line each, names and hexadecimal digits

    private static let title = "portolan keys 1"

    var text: String {
        var lines = [SecretKeys.title, "hash \(SecretKeys.hex(hashKey.low)) \(SecretKeys.hex(hashKey.high))"]
        for (name, key) in [("current", current)] + (previous.map { [("previous", $0)] } ?? []) {
            let secret = stride(from: 0, to: SecretKeys.secretCount, by: 8).map { start in
                SecretKeys.hex(key.secret[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) })
            }
            lines.append("\(name) \(key.generation) \(key.since) \(secret.joined())")
        }
        return (lines + ["end"]).joined(separator: "\n") + "\n"
    }

    /// Nil: not what `text` writes.
    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.split(separator: " ") }
        guard lines.count == 5 || lines.count == 6, lines.suffix(2) == [["end"], []],
            lines[0].joined(separator: " ") == Self.title,
            lines[1].count == 3, lines[1][0] == "hash", let low = SecretKeys.number(lines[1][1]),
            let high = SecretKeys.number(lines[1][2]), let current = SecretKeys.key(lines[2], named: "current")
        else { return nil }
        (hashKey, self.current) = (SipHash.Key(low: low, high: high), current)
        previous = nil
        if lines.count == 6 {
            guard let previous = SecretKeys.key(lines[3], named: "previous") else { return nil }
            self.previous = previous
        }
    }

    init(hashKey: SipHash.Key, current: TokenKey, previous: TokenKey?) {
        (self.hashKey, self.current, self.previous) = (hashKey, current, previous)
    }

    private static func key(_ words: [Substring], named name: Substring) -> TokenKey? {
        guard words.count == 4, words[0] == name, let generation = UInt32(words[1]), let since = UInt64(words[2]),
            words[3].count == 2 * secretCount
        else { return nil }
        var secret: [UInt8] = []
        var digits = words[3]
        while !digits.isEmpty {
            guard let byte = UInt8(digits.prefix(2), radix: 16) else { return nil }
            secret.append(byte)
            digits = digits.dropFirst(2)
        }
        return TokenKey(generation: generation, secret: secret, since: since)
    }

    private static func number(_ word: Substring) -> UInt64? { word.count == 16 ? UInt64(word, radix: 16) : nil }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
