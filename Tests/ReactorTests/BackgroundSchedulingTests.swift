import Glibc
import Reactor
import Synchronization
import Testing

struct BackgroundSchedulingTests {
    /// Linux's number of SCHED_BATCH, which Glibc's module leaves out; SCHED_OTHER is 0.
    private static let batch: Int32 = 3

    @Test func putsAllBehindThreadsOfEventLoops() {
        #expect(BackgroundScheduling.putBehind() > 0)
        #expect(sched_getscheduler(0) == Self.batch)
        let seen = Mutex<Int32>(-1)
        startThread(name: "loop") { seen.withLock { $0 = sched_getscheduler(0) } }.join()
        #expect(seen.withLock { $0 } == 0)
    }

    @Test func leavesEventLoopsAloneAndTakesWhatTheyStarted() throws {
        let loop = Mutex<Int32>(-1)
        let started = Mutex<Int32>(-1)
        startThread(name: "loop") {
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { _ in
                    BackgroundScheduling.putBehind()
                    return UnsafeMutableRawPointer(bitPattern: Int(sched_getscheduler(0)))
                }, nil)
            var policy: UnsafeMutableRawPointer?
            pthread_join(thread, &policy)
            started.withLock { $0 = Int32(Int(bitPattern: policy)) }
            loop.withLock { $0 = sched_getscheduler(0) }
        }.join()
        #expect(started.withLock { $0 } == Self.batch)
        #expect(loop.withLock { $0 } == 0)
    }

    @Test func isInheritedByThreadsToCome() {
        BackgroundScheduling.putBehind()
        var thread = pthread_t()
        var policy: UnsafeMutableRawPointer?
        pthread_create(&thread, nil, { _ in UnsafeMutableRawPointer(bitPattern: Int(sched_getscheduler(0))) }, nil)
        pthread_join(thread, &policy)
        #expect(Int(bitPattern: policy) == Int(Self.batch))
    }
}
