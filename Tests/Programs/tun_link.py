"""Joins network namespaces by links that have a length: tun_link.py PAIR…, each PAIR being NS:DEVICE,NS:DEVICE,DELAY_MS,JITTER_MS.

Makes both devices of every pair (they live as long as this program) and carries packets between them, each DELAY_MS ± JITTER_MS
after it was sent, in order. Prints `ready` once all devices are there. This kernel has no netem.
"""
import collections
import ctypes
import fcntl
import os
import random
import select
import struct
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
libc = ctypes.CDLL(None, use_errno=True)


def enter(path):
    with open(path) as namespace:
        if libc.setns(namespace.fileno(), 0) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {path}")


def device(place):
    """A TUN device in its namespace; the descriptor works from any."""
    namespace, name = place.split(":")
    enter(f"/var/run/netns/{namespace}")
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return descriptor


class Lane:
    """One direction: packets in the order they came, with the time at which each arrives."""

    def __init__(self, target, delay, jitter):
        self.target, self.delay, self.jitter = target, delay, jitter
        self.packets = collections.deque()
        self.last = 0.0

    def take(self, packet, now):
        self.last = max(self.last, now + self.delay + random.uniform(-self.jitter, self.jitter))
        self.packets.append((self.last, packet))

    def deliver(self, now):
        while self.packets and self.packets[0][0] <= now:
            try:
                os.write(self.target, self.packets.popleft()[1])
            except OSError:
                pass  # a device that is down, or full: the packet is lost, as on any link


home = os.open("/proc/self/ns/net", os.O_RDONLY)
lanes = {}
for pair in sys.argv[1:]:
    one, other, delay, jitter = pair.split(",")
    first, second = device(one), device(other)
    times = float(delay) / 1000, float(jitter) / 1000
    lanes[first], lanes[second] = Lane(second, *times), Lane(first, *times)
libc.setns(home, 0)

poll = select.epoll()
for descriptor in lanes:
    poll.register(descriptor, select.EPOLLIN)
print("ready", flush=True)
while True:
    due = min((lane.packets[0][0] for lane in lanes.values() if lane.packets), default=None)
    wait = 1.0 if due is None else max(0.0, due - time.monotonic())
    ready = poll.poll(wait)
    now = time.monotonic()
    for descriptor, _ in ready:
        for _ in range(256):
            try:
                lanes[descriptor].take(os.read(descriptor, 65536), now)
            except OSError:
                break
    now = time.monotonic()
    for lane in lanes.values():
        lane.deliver(now)
