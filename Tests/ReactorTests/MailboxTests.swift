import Reactor
import Testing

struct MailboxTests {
    @Test func givesEachMessageOnce() throws {
        let mailbox = Mailbox<Int>(waker: try EventLoop().waker)
        #expect(mailbox.drain() == [])
        for number in 1...3 { mailbox.post(number) }
        #expect(mailbox.drain() == [1, 2, 3])
        #expect(mailbox.drain() == [])
        mailbox.post(4)
        #expect(mailbox.drain() == [4])
    }
}
