import Foundation
import Glibc
import Synchronization

/// The whole terminal for one program, and the terminal as it was before however that program ends.
///
/// The alternate screen keeps what was there; keys come one by one and are not shown. A crash runs the same way back
/// in its signal's handler, which may only call what is safe there: `write` and `tcsetattr`.
enum FullScreen {
    private static let enterSequence = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
    /// As bytes that need no allocation when a crash is being handled.
    private static let leaveSequence: StaticString = "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l\u{1B}[0m"
    private static let crashes = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT]

    /// Written once, before any handler is there to read it.
    nonisolated(unsafe) private static var before = termios()
    private static let isEntered = Atomic(false)

    static func enter() {
        tcgetattr(STDIN_FILENO, &before)
        var mode = before
        mode.c_lflag &= ~tcflag_t(ICANON | ECHO)
        // Ctrl-Z would leave the shell with our screen.
        withUnsafeMutableBytes(of: &mode.c_cc) { $0[Int(VSUSP)] = 0 }
        isEntered.store(true, ordering: .sequentiallyConsistent)
        for number in crashes {
            signal(number) { number in
                FullScreen.leave()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        tcsetattr(STDIN_FILENO, TCSANOW, &mode)
        Terminal.raw(enterSequence)
    }

    static func leave() {
        guard isEntered.exchange(false, ordering: .sequentiallyConsistent) else { return }
        _ = write(STDOUT_FILENO, leaveSequence.utf8Start, leaveSequence.utf8CodeUnitCount)
        tcsetattr(STDIN_FILENO, TCSANOW, &before)
    }

    /// Over what is there, in one write, so that nothing flickers.
    static func draw(_ lines: [String]) {
        Terminal.raw("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
    }

    /// Keys from a thread of their own, which ends when the terminal does.
    static func readKeys(_ hand: @escaping @Sendable (KeyParser.Key) -> Void) {
        let thread = Thread {
            var (parser, buffer) = (KeyParser(), [UInt8](repeating: 0, count: 64))
            while true {
                let count = read(STDIN_FILENO, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return hand(.quit) }
                parser.receive(buffer[..<count]).forEach(hand)
            }
        }
        thread.start()
    }
}
