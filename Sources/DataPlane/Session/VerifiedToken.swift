import Model

/// The last token that a connection's requests brought and that was good: a client repeats it with every request, and
/// comparing costs a fortieth of verifying.
struct VerifiedToken {
    private static let wordCount = SessionToken.textCount / 8
    private var words: InlineArray<9, UInt64> = InlineArray(repeating: 0)
    /// Meaningful once a text was noted.
    private(set) var token = SessionToken(region: 0, cell: 0, issued: 0, seen: 0, id: 0)
    /// Where the token's tags point in the snapshot of that generation; 0: not looked up.
    private(set) var hold = SessionHold.none
    private(set) var holdGeneration: UInt64 = 0

    mutating func note(_ text: ByteView, _ token: SessionToken) {
        for index in 0..<VerifiedToken.wordCount { words[index] = VerifiedToken.word(text, index) }
        (self.token, holdGeneration) = (token, 0)
    }

    mutating func note(_ hold: SessionHold, generation: UInt64) { (self.hold, holdGeneration) = (hold, generation) }

    /// No text is all zeroes, so nothing matches before the first was noted.
    func matches(_ text: ByteView) -> Bool {
        guard text.count == SessionToken.textCount else { return false }
        var difference: UInt64 = 0
        for index in 0..<VerifiedToken.wordCount { difference |= words[index] ^ VerifiedToken.word(text, index) }
        return difference == 0
    }

    private static func word(_ text: ByteView, _ index: Int) -> UInt64 {
        text.raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
    }
}
