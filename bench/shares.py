#!/usr/bin/python3
"""Counts where 1,000,000 real requests go while snapshots change ten times a second.

For the weights 1, 37 and 99 % of one of two cells, unkeyed and keyed (a key of its own for each request): the share that
the cell got, and how far it is from the weight. A third cell's weight in another region is what changes meanwhile.
"""

import argparse
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import http2
import load
import servers
from admin import Admin

BOUNDS = {"unkeyed": 0.1, "keyed": 0.2}  # percentage points, routing.md
STREAMS = 64


def churn(admin, stop, changes):
    """Publishes a snapshot ten times a second until told to stop."""
    while not stop.is_set():
        percent = 40 + changes[0] % 20
        admin.ask("PUT", "/v1/cells/other-a/weight", {"percent": percent, "reason": "bench"})
        changes[0] += 1
        time.sleep(0.1)


def counts(admin):
    """Requests so far by cell, from the latency histograms."""
    found = {}
    for line in admin.ask("GET", "/metrics").splitlines():
        if line.startswith("portolan_request_duration_seconds_count"):
            cell = line.split('cell="')[1].split('"')[0]
            found[cell] = found.get(cell, 0) + int(line.rsplit(" ", 1)[1])
    return found


def configuration(bench, port, backend, weight):
    endpoint = f'["127.0.0.1:{backend}"]'
    return bench.configuration("shares.yaml", port, bench.folder / "shares.sock", tls=False, rest=f"""\
regions:
  here: {{jurisdiction: us, cells: {{a: {{weight: {weight}, endpoints: {endpoint}}}, b: {{weight: {100 - weight}, endpoints: {endpoint}}}}}}}
  other: {{jurisdiction: us, cells: {{other-a: {{weight: 50, endpoints: {endpoint}}}, other-b: {{weight: 50, endpoints: {endpoint}}}}}}}
routes:
  - {{name: keyed, match: {{path_prefix: /small, headers: {{x-user-id: ""}}}}, hash_by: {{header: x-user-id}}}}
  - {{name: unkeyed, match: {{}}}}
""")


def keyed_batch(first, stream):
    """HEADERS of a batch of requests, each with a key of its own."""
    out = []
    for index in range(STREAMS):
        block = b"\x82\x86" + http2.literal(4, "/small") + http2.literal(1, "bench")
        name, key = b"x-user-id", b"user-%d" % (first + index)
        block += b"\x00" + bytes([len(name)]) + name + bytes([len(key)]) + key
        out.append(http2.frame(http2.HEADERS, http2.END_STREAM | http2.END_HEADERS, stream + 2 * index, block))
    return b"".join(out)


def send_keyed(port, first, count):
    """`count` keyed requests over one plain connection, a batch at a time; says how many were answered."""
    link = socket.create_connection(("127.0.0.1", port), timeout=20)
    window = http2.frame(http2.WINDOW_UPDATE, 0, 0, (2**30).to_bytes(4, "big"))
    link.sendall(http2.PREFACE + http2.frame(http2.SETTINGS, 0, 0) + window)
    received, answered, stream = b"", 0, 1
    for start in range(first, first + count, STREAMS):
        link.sendall(keyed_batch(start, stream))
        stream += 2 * STREAMS
        left = STREAMS
        while left > 0:
            data = link.recv(262_144)
            if not data:
                raise servers.Failure("the edge closed the connection")
            received += data
            position = 0
            while len(received) - position >= 9:
                length = int.from_bytes(received[position:position + 3], "big")
                if len(received) - position < 9 + length:
                    break
                kind, flags = received[position + 3], received[position + 4]
                if kind in (http2.DATA, http2.HEADERS) and flags & http2.END_STREAM:
                    left -= 1
                    answered += 1
                elif kind in (http2.RST_STREAM, http2.GOAWAY):
                    raise servers.Failure(f"the edge sent a frame of type {kind}")
                elif kind == http2.SETTINGS and not flags & http2.ACK:
                    link.sendall(http2.frame(http2.SETTINGS, http2.ACK, 0))
                position += 9 + length
            received = received[position:]
    link.close()
    return answered


def send_unkeyed(port, count):
    command = [
        servers.program("h2load"), f"--requests={count}", "--clients=8", f"--max-concurrent-streams={STREAMS}",
        f"http://127.0.0.1:{port}/small",
    ]
    return load.finish(load.start(command), 300).succeeded


def measure(bench, kind, weight, requests):
    """The share of cell `a`, in percent, and how many snapshots were published meanwhile."""
    backend = bench.backend(f"backend-{kind}-{weight}")
    port = servers.free_port()
    (bench.folder / "shares.sock").unlink(missing_ok=True)
    file = configuration(bench, port, backend.port, weight)
    edge = bench.start(f"edge-{kind}-{weight}", [bench.edge, "serve", "--config", file, "--workers", 2])
    bench._await(edge, lambda: bench._admin_is_ready(bench.folder / "shares.sock"))
    admin, stop, changes = Admin(bench.folder / "shares.sock"), threading.Event(), [0]
    before = counts(admin)
    changer = threading.Thread(target=churn, args=(Admin(bench.folder / "shares.sock"), stop, changes))
    changer.start()
    try:
        sent = send_unkeyed(port, requests) if kind == "unkeyed" else send_keyed(port, 0, requests)
    finally:
        stop.set()
        changer.join()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:  # records are read every few milliseconds
        after = counts(admin)
        seen = {cell: after.get(cell, 0) - before.get(cell, 0) for cell in ("a", "b")}
        if sum(seen.values()) >= sent:
            break
        time.sleep(0.1)
    bench.stop_all()
    if sent < requests or sum(seen.values()) < sent:
        raise servers.Failure(f"{kind} {weight} %: {sent} answered, {sum(seen.values())} recorded of {requests}")
    return 100 * seen["a"] / sum(seen.values()), changes[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--edge", type=pathlib.Path, default=servers.ROOT / ".build/release/portolan")
    options = parser.parse_args()
    requests = options.requests // STREAMS * STREAMS
    missed = 0
    with tempfile.TemporaryDirectory(prefix="portolan-bench-") as folder, servers.Bench(folder, options.edge) as bench:
        for kind, bound in BOUNDS.items():
            for weight in (1, 37, 99):
                share, changes = measure(bench, kind, weight, requests)
                holds = abs(share - weight) <= bound
                missed += not holds
                print(f"{kind:<8} {weight:>3} %: {share:8.4f} % of {requests:,} requests, {changes} snapshots  "
                      f"[± {bound}: {'holds' if holds else 'MISSED'}]", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except (servers.Failure, subprocess.SubprocessError) as failure:
        sys.exit(f"shares: {failure}")
