import Glibc

/// How many decisions the fence's property test makes: PORTOLAN_DECISIONS; other long ones make a fifth of it each.
enum Scale {
    static let decisions: Int = {
        guard let text = getenv("PORTOLAN_DECISIONS"), let count = Int(String(cString: text)) else { return 1_000_000 }
        return max(10_000, count)
    }()
}
