#!/usr/bin/python3
"""Drains a cell of a running edge under 2,000 requests a second, 200 streams of 60 to 150 seconds and 300 producers.

  now    applied on every worker, no new request there after it, no failed request or stream
  ramp   the default: new sessions at 0 % after 30 s, all sessions gone after 180 s, no failed request or stream

Both ask `portolan drain --wait` to tell when the last request has ended, and compare its word with the streams' own.
"""

import argparse
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import hpack

import http2
import load
import servers
from admin import Admin

STREAMS, PRODUCERS, RATE = 200, 300, 2_000


class World:
    """Two cells. Behind each an nghttpx that sends /stream to a backend of long streams, and the rest to nghttpd."""

    def __init__(self, bench):
        self.bench = bench
        small = bench.backend()
        cells = []
        for name in ("a", "b"):
            streams, port = servers.free_port(), servers.free_port()
            program = bench.start(
                f"streams-{name}", [sys.executable, pathlib.Path(__file__).parent / "streams.py", streams, ord(name)],
                servers.LOAD_CORE)
            # An nghttpx that finds nobody there answers 502 for a while, and the streams would seem to have ended.
            bench._await(program, lambda: socket.create_connection(("127.0.0.1", streams), 1).close())
            bench.start(f"cell-{name}", [
                servers.program("nghttpx"), "--conf=/dev/null", "--workers=1", f"--frontend=127.0.0.1,{port};no-tls",
                f"--backend=127.0.0.1,{streams};/stream;proto=h2", f"--backend=127.0.0.1,{small.port};/;proto=h2",
                "--backend-read-timeout=300s", "--frontend-http2-read-timeout=300s", "--backend-connections-per-host=8",
                "--errorlog-file=/dev/null", "--frontend-http2-max-concurrent-streams=1000"], servers.LOAD_CORE)
            cells.append(f'      {name}: {{weight: 50, endpoints: ["127.0.0.1:{port}"]}}')
        self.port, self.socket = servers.free_port(), bench.folder / "drains.sock"
        listed = "\n".join(cells)
        file = bench.configuration("drains.yaml", self.port, self.socket, edge=", expose_decision: true", rest=f"""\
state: {{sqlite: {bench.folder / "drains.db"}}}
regions:
  here:
    jurisdiction: us
    cells:
{listed}
routes:
  - {{name: producers, match: {{path_prefix: /small, headers: {{x-producer-id: ""}}}}, sticky: producer}}
  - {{name: streams, match: {{path_prefix: /stream}}, streaming: true}}
  - {{name: default, match: {{}}}}
""")
        edge = bench.start("drains-edge", [bench.edge, "serve", "--config", file, "--workers", 2])
        bench._await(edge, lambda: bench._admin_is_ready(self.socket))

    def cell_of(self, connection, path, producer=None):
        """Asks once: the cell that answered; raises where the answer is not 200."""
        stream = connection.next_stream
        connection.next_stream += 2
        block = b"\x82\x87" + http2.literal(4, path) + http2.literal(1, connection.authority)
        if producer:
            name, value = b"x-producer-id", producer.encode()
            block += b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value
        connection.socket.sendall(
            http2.frame(http2.HEADERS, http2.END_STREAM | http2.END_HEADERS, stream, block))
        found = None
        while True:
            kind, flags, where, payload = connection.read_frame()
            connection._answer(kind, flags)
            if where != stream:
                continue
            if kind == http2.DATA:
                connection.credit(len(payload))
            if kind == http2.RST_STREAM:
                raise servers.Failure("a request was reset")
            if kind == http2.HEADERS and found is None:
                if http2.status(payload) != 200:
                    raise servers.Failure(f"status {http2.status(payload)}")
                found = cell_in(payload)
            if flags & http2.END_STREAM and kind in (http2.HEADERS, http2.DATA):
                return found


def cell_in(block):
    """The value of x-portolan-cell; every block stands alone, because this client allows no dynamic table."""
    return dict(hpack.Decoder().decode(block)).get("x-portolan-cell")


class LongStreams(threading.Thread):
    """So many streams on ten connections; when each ended, and how."""

    def __init__(self, world):
        super().__init__(daemon=True)
        self.world, self.ended, self.cell = world, {}, {}
        self.failures = []
        self.connections = [
            http2.Connection(world.port, world.bench.context, window=2**24, timeout=200) for _ in range(10)]

    def run(self):
        readers = []
        for number, connection in enumerate(self.connections):
            for _ in range(STREAMS // 10):
                connection.begin("/stream")
            reader = threading.Thread(target=self._read, args=(number, connection), daemon=True)
            reader.start()
            readers.append(reader)
        for reader in readers:
            reader.join()

    def _read(self, number, connection):
        left = STREAMS // 10
        try:
            while left:
                kind, flags, stream, payload = connection.read_frame()
                connection._answer(kind, flags)
                if kind == http2.HEADERS and (number, stream) not in self.cell:
                    self.cell[(number, stream)] = cell_in(payload)
                    if http2.status(payload) != 200:
                        self.failures.append(f"stream {stream}: status {http2.status(payload) or 'unknown'}")
                if kind == http2.DATA:
                    connection.credit(len(payload))
                if kind == http2.RST_STREAM:
                    self.failures.append(f"stream {stream} was reset: {int.from_bytes(payload, 'big')}")
                    left -= 1
                elif flags & http2.END_STREAM and kind in (http2.DATA, http2.HEADERS):
                    self.ended[(number, stream)] = time.monotonic()
                    left -= 1
        except (OSError, http2.ProtocolFailure, hpack.HPACKError) as error:
            self.failures += [f"{left} streams: {error!r}"]

    def last_end(self, cell):
        return max((at for key, at in self.ended.items() if self.cell[key] == cell), default=0)


class Producers(threading.Thread):
    """Producers that come back again and again, and ever new ones; where each was served, and when."""

    def __init__(self, world):
        super().__init__(daemon=True)
        self.world, self.stopped = world, threading.Event()
        self.seen, self.failures = [], []  # (when, is new, cell)

    def run(self):
        connection = http2.Connection(self.world.port, self.world.bench.context)
        chance, fresh = random.Random(1), 0
        while not self.stopped.is_set():
            is_new = chance.random() < 0.3
            fresh += is_new
            producer = f"new-{fresh}" if is_new else f"old-{chance.randrange(PRODUCERS)}"
            try:
                self.seen.append((time.monotonic(), is_new, self.world.cell_of(connection, "/small", producer)))
            except (servers.Failure, OSError, http2.ProtocolFailure) as error:
                self.failures.append(str(error))
                connection = http2.Connection(self.world.port, self.world.bench.context)
            time.sleep(0.01)

    def last_at(self, cell, is_new):
        return max((at for at, new, where in self.seen if where == cell and new == is_new), default=0)


def scenario(bench, mode):
    world = World(bench)
    streams, producers = LongStreams(world), Producers(world)
    streams.start()
    producers.start()
    seconds = 195  # longer than any drain and any stream
    traffic = load.start(load.command(world.port, "small", RATE * seconds, 10, 10, rate=RATE // 10))
    time.sleep(8)
    admin = Admin(world.socket)
    command = [bench.edge, "drain", "a", "--reason", "bench", "--wait", "--admin", f"unix:{world.socket}"]
    began = time.monotonic()
    waiting = subprocess.Popen(command + (["--now"] if mode == "now" else []), stdout=subprocess.PIPE, text=True)
    applied = None
    while applied is None:
        drains = admin.read("GET", "/v1/drains")["drains"]
        if drains and drains[-1]["is_applied"]:
            applied = time.monotonic() - began
    waiting.wait(220)
    returned = time.monotonic()
    streams.join(220)
    producers.stopped.set()
    producers.join(5)
    outcome = load.finish(traffic, seconds + 60)
    failed = outcome.failed + len(streams.failures) + len(producers.failures)
    last_new, last_old = (producers.last_at("a", is_new) - began for is_new in (True, False))
    # What ends last is a stream, or, of a ramp, the last session that was told to leave.
    late = returned - max(streams.last_end("a"), began + last_old)
    print(f"{mode:<5} first word applied after {applied:.2f} s; last new session at {last_new:.1f} s, last request of "
          f"an old one at {last_old:.1f} s; --wait returned {late * 1e3:.0f} ms after the last request; {failed} "
          f"failed of {outcome.succeeded + outcome.failed + len(producers.seen) + STREAMS:,}")
    for line in (streams.failures + producers.failures)[:5]:
        print(f"      {line}")
    if mode == "now":
        held = last_new <= 1 and last_old <= 1
    else:
        held = last_new <= 30.5 and last_old <= 180
    return held and applied <= 1 and failed == 0 and late <= 0.5


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modes", nargs="*", default=["now", "ramp"])
    parser.add_argument("--edge", type=pathlib.Path, default=servers.ROOT / ".build/release/portolan")
    options = parser.parse_args()
    held = True
    for mode in options.modes:
        with tempfile.TemporaryDirectory(prefix="portolan-bench-") as folder:
            with servers.Bench(folder, options.edge) as bench:
                held = scenario(bench, mode) and held
    return 0 if held else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except (servers.Failure, subprocess.SubprocessError) as failure:
        sys.exit(f"drains: {failure}")
