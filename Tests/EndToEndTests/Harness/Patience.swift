import Foundation

/// Waiting for what must come: a condition and a deadline, never a pause that is hoped to be long enough.
enum Patience {
    /// Seconds since an arbitrary start; never set back.
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Seconds since 1970, as h2load's log has them.
    static var wallNow: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Asks every 10 ms until `condition` holds; throws when it does not within `seconds`.
    static func wait(for what: String, within seconds: Double = 5, _ condition: () throws -> Bool) throws {
        let deadline = now + seconds
        while try !condition() {
            guard now < deadline else { throw HarnessError("waited \(seconds) s in vain for \(what)") }
            rest(0.01)
        }
    }

    /// Seconds that `work` takes.
    static func seconds(_ work: () throws -> Void) rethrows -> Double {
        let start = now
        try work()
        return now - start
    }

    /// Lets the programs under test have the time; only where the passing of time is what is tested.
    static func rest(_ seconds: Double) { usleep(UInt32(seconds * 1_000_000)) }
}
