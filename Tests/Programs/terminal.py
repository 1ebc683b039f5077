#!/usr/bin/env python3
"""Runs a program in a terminal of its own and plays its user.

usage: terminal.py COLUMNSxLINES [STEP…] -- PROGRAM [ARGUMENT…]

Steps: expect:TEXT waits until TEXT was written since the last step; send:KEYS (with \\e for escape); resize:COLUMNSxLINES;
signal:NUMBER. Afterwards the program must end. Standard output gets all that it wrote; the last line on standard error
says how it ended: `status N`, or `signal N`, and whether the terminal was left as it was found.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

PATIENCE = 20.0


def resize(terminal, text):
    columns, lines = (int(part) for part in text.split("x"))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


class Player:
    def __init__(self, terminal):
        self.terminal, self.written, self.read_to = terminal, b"", 0

    def receive(self, seconds):
        """False when the program's side is closed."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.terminal, 65536)
        except OSError:
            return False
        self.written += data
        return bool(data)

    def expect(self, text):
        deadline = time.monotonic() + PATIENCE
        while text not in self.written[self.read_to:]:
            if time.monotonic() > deadline or not self.receive(0.1):
                sys.stdout.buffer.write(self.written)
                sys.exit("terminal.py: waited in vain for %r" % text)
        self.read_to += self.written[self.read_to:].index(text) + len(text)


def main():
    arguments = sys.argv[1:]
    end = arguments.index("--")
    size, steps, command = arguments[0], arguments[1:end], arguments[end + 1:]
    terminal, other = pty.openpty()
    resize(terminal, size)
    before = termios.tcgetattr(other)
    child = os.fork()
    if child == 0:
        os.close(terminal)
        login(other)
        os.execvp(command[0], command)
    player = Player(terminal)
    for step in steps:
        kind, _, text = step.partition(":")
        if kind == "expect":
            player.expect(text.encode())
        elif kind == "send":
            os.write(terminal, text.replace("\\e", "\x1b").encode())
        elif kind == "resize":
            resize(terminal, text)
        elif kind == "signal":
            os.kill(child, int(text))
        else:
            sys.exit("terminal.py: no such step: " + step)
    deadline = time.monotonic() + PATIENCE
    status = 0
    while time.monotonic() < deadline:
        player.receive(0.05)
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
    else:
        os.kill(child, 9)
        sys.exit("terminal.py: the program did not end")
    while select.select([terminal], [], [], 0.1)[0] and player.receive(0):
        pass
    sys.stdout.buffer.write(player.written)
    sys.stdout.buffer.flush()
    ending = "signal %d" % os.WTERMSIG(status) if os.WIFSIGNALED(status) else "status %d" % os.WEXITSTATUS(status)
    is_same = termios.tcgetattr(other) == before
    print(ending + (", terminal as before" if is_same else ", terminal left changed"), file=sys.stderr)


def login(descriptor):
    os.setsid()
    fcntl.ioctl(descriptor, termios.TIOCSCTTY, 0)
    for target in (0, 1, 2):
        os.dup2(descriptor, target)


main()
