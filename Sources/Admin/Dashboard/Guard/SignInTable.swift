import Crypto
import Model
import Synchronization

/// Who has signed in. Only in memory: a restart signs everybody out.
///
/// What the browser holds is 32 random bytes; the table knows their hash, so that neither its order nor the time of a
/// look-up tells anything of them. The secret stays here, because it is asked about again with every page: a token that
/// is revoked ends its pages at once.
final class SignInTable: Sendable {
    /// Unused for so long, a sign-in is over; a page that is open and seen uses it every second.
    static let idleMilliseconds: UInt64 = 3_600_000
    /// From its beginning.
    static let lifeMilliseconds: UInt64 = 43_200_000
    /// Above it, the one that was unused the longest goes.
    static let capacity = 1_000
    /// The same, of one token: whoever has it can end no sign-in but its own.
    static let capacityOfToken = 20

    struct SignIn: Sendable {
        let secret: String
        let formToken: String
        let since: LoopTime
        fileprivate(set) var lastUsed: LoopTime
    }

    private let state = Mutex<[SHA256.Digest: SignIn]>([:])

    var count: Int { state.withLock { $0.count } }

    /// - Returns: what the browser is to hold.
    func open(secret: String, now: LoopTime) -> String {
        let id = RandomText.make()
        let signIn = SignIn(secret: secret, formToken: RandomText.make(), since: now, lastUsed: now)
        state.withLock { table in
            table = table.filter { SignInTable.isValid($0.value, now) }
            let same = table.filter { $0.value.secret == secret }
            if same.count >= SignInTable.capacityOfToken {
                SignInTable.dropOldest(of: same, from: &table)
            } else if table.count >= SignInTable.capacity {
                SignInTable.dropOldest(of: table, from: &table)
            }
            table[SignInTable.key(id)] = signIn
        }
        return id
    }

    private static func dropOldest(
        of some: [SHA256.Digest: SignIn], from table: inout [SHA256.Digest: SignIn]
    ) {
        if let oldest = some.min(by: { $0.value.lastUsed < $1.value.lastUsed }) { table[oldest.key] = nil }
    }

    /// Nil: there is none, or it is over.
    func use(_ id: String, now: LoopTime) -> SignIn? {
        let key = SignInTable.key(id)
        return state.withLock { table in
            guard var found = table[key] else { return nil }
            guard SignInTable.isValid(found, now) else {
                table[key] = nil
                return nil
            }
            found.lastUsed = now
            table[key] = found
            return found
        }
    }

    func close(_ id: String) { state.withLock { $0[SignInTable.key(id)] = nil } }

    private static func isValid(_ signIn: SignIn, _ now: LoopTime) -> Bool {
        now.milliseconds(since: signIn.lastUsed) < idleMilliseconds
            && now.milliseconds(since: signIn.since) < lifeMilliseconds
    }

    private static func key(_ id: String) -> SHA256.Digest { SHA256.hash(data: Array(id.utf8)) }
}
