"""Asks an edge's admin API over its Unix socket: a mixture of reads, four at a time, at a steady rate; then tells as
JSON how many answers of each status there were: usage: flooder.py SOCKET SECONDS CALLS_A_SECOND"""

import collections
import json
import os
import socket
import sys
import time

PATHS = ["/v1/cells", "/v1/status", "/v1/regions", "/metrics"]
BATCH = b"".join(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode() for path in PATHS)


def skip_answer(stream):
    """Reads one answer to its end: its status."""
    status, length = int(stream.readline().split()[1]), 0
    while line := stream.readline().strip().lower():
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    stream.read(length)
    return status


def main():
    path, seconds, rate = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    # It shares a core with the load and the backend, whose delays are not what is measured.
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(5)
    link.connect(path)
    stream, answers = link.makefile("rb"), collections.Counter()
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        link.sendall(BATCH)
        for _ in PATHS:
            answers[skip_answer(stream)] += 1
        time.sleep(max(0, answers.total() / rate - (time.monotonic() - began)))
    print(json.dumps({"calls": answers.total(), "seconds": time.monotonic() - began, "statuses": answers}))


if __name__ == "__main__":
    main()
