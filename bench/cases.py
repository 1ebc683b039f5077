"""What is measured. A case takes one running proxy and returns numbers; run.py repeats it in interleaved rounds."""

import dataclasses
import signal
import ssl
import subprocess
import threading
import time

import drain
import http2
import load
import servers


@dataclasses.dataclass(frozen=True)
class Metric:
    """One number of a case: its unit, and the bound of ours over a peer's (or of ours alone) that we promise."""

    title: str
    unit: str
    against: str = ""  # the peer that the bound is about; empty: the bound is about the number itself
    bound: float | None = None


@dataclasses.dataclass(frozen=True)
class Case:
    title: str
    metrics: dict
    measure: object  # (Round) -> {metric: number}
    proxies: tuple = ("portolan", "haproxy", "nghttpx")
    backends: int = 1
    fresh: bool = False  # a new process for each round
    rounds: int | None = None  # at most
    stages: bool = False  # ours has every stage in use


@dataclasses.dataclass
class Round:
    bench: object
    proxy: object
    backends: list
    scale: float  # share of the full amount of work; --quick takes a tenth


def checked(outcome, what):
    if outcome.failed:
        raise servers.Failure(f"{what}: {outcome.failed} of {outcome.failed + outcome.succeeded} requests failed")
    return outcome


def throughput(path, requests, connections, streams, upload=False):
    def measure(turn):
        body = turn.bench.folder / "upload" if upload else None
        count = max(connections * streams, int(requests * turn.scale))
        before = turn.proxy.cpu_nanoseconds()
        outcome = load.run(turn.proxy.port, path, count, connections, streams, body=body)
        spent = turn.proxy.cpu_nanoseconds() - before
        checked(outcome, turn.proxy.name)
        return {"cpu": spent / 1000 / count, "rate": count / outcome.seconds}

    return measure


def every_stage(turn):
    """As small, each request with a pinned tenant and a session token; the peers get the same requests."""
    tenant = "tenant-777777"
    ours = turn.proxy.name == "portolan"
    token = turn.bench.session_token(turn.proxy.port, tenant) if ours else "A" * 70
    headers = [f"x-tenant-id: {tenant}", f"x-portolan-session: {token}"]
    count = max(1_024, int(300_000 * turn.scale))
    before = turn.proxy.cpu_nanoseconds()
    outcome = load.run(turn.proxy.port, "small", count, 32, 32, headers=headers)
    spent = turn.proxy.cpu_nanoseconds() - before
    checked(outcome, turn.proxy.name)
    return {"cpu": spent / 1000 / count, "rate": count / outcome.seconds}


def fixed_rate(turn):
    """2,000 requests a second over 10 connections, for 4 s."""
    connections, rate = 10, 200
    count = max(2_000, int(8_000 * turn.scale))
    before = turn.proxy.cpu_nanoseconds()
    outcome = checked(load.run(turn.proxy.port, "small", count, connections, 10, rate=rate), turn.proxy.name)
    spent = turn.proxy.cpu_nanoseconds() - before
    return {"p50": outcome.percentile(50), "p99": outcome.percentile(99), "cpu": spent / 1000 / count}


def handshakes(turn):
    """Full TLS 1.3 handshakes (no ticket is ever offered), one after the other, each closed when it is done."""
    count = max(50, int(500 * turn.scale))
    before = turn.proxy.cpu_nanoseconds()
    for _ in range(count):
        http2.Connection(turn.proxy.port, turn.bench.context).close()
    time.sleep(0.05)
    return {"cpu": (turn.proxy.cpu_nanoseconds() - before) / 1000 / count}


def idle_memory(turn):
    """1,000 connections that exchanged settings, then one request on each; PSS before, between and after."""
    count = 1_000
    before = turn.proxy.proportional_bytes()
    connections = []
    try:
        for _ in range(count):
            connections.append(http2.Connection(turn.proxy.port, turn.bench.context))
            connections[-1].settle()
        time.sleep(1)
        idle = turn.proxy.proportional_bytes() - before
        for connection in connections:
            connection.ask("/small")
        time.sleep(1)
        used = turn.proxy.proportional_bytes() - before
    finally:
        for connection in connections:
            connection.close()
    return {"idle": idle / 1024 / count, "used": used / 1024 / count}


def stalled_readers(turn):
    """20 connections × 100 streams of 1 MiB that nobody reads, beside one client that reads 10 KiB answers."""
    before = turn.proxy.proportional_bytes()
    peak, ended = [before], threading.Event()

    def watch():
        while not ended.wait(0.2):
            peak[0] = max(peak[0], turn.proxy.proportional_bytes())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    connections = []
    try:
        for _ in range(20):
            connections.append(http2.Connection(turn.proxy.port, turn.bench.context, window=http2.LARGEST_WINDOW))
            connections[-1].ask_without_reading("/large", 100)
        time.sleep(1)
        outcome = load.run(turn.proxy.port, "medium", max(400, int(2_000 * turn.scale)), 1, 10, rate=200)
    finally:
        ended.set()
        watcher.join()
        for connection in connections:
            connection.close()
    p99 = outcome.percentile(99) / 1000
    return {"failed": outcome.failed, "p99": p99, "memory": (peak[0] - before) / 1024 / 1024}


def killed_endpoint(turn):
    """500 GET/s for 6 s; after 2 s one of the two endpoints gets SIGKILL. How many requests had no 200."""
    child = load.start(load.command(turn.proxy.port, "small", 3_000, 10, 10, rate=50))
    time.sleep(2)
    turn.backends[-1].kill(signal.SIGKILL)
    outcome = load.finish(child, 60)
    return {"lost": outcome.failed}


def replaced_edge(turn):
    """A second edge beside the first, then SIGTERM (HAProxy: SIGUSR1) for the first, under load that honours GOAWAY."""
    clients = drain.load(turn.proxy.port, turn.bench.context, "/small", 8)
    time.sleep(1)
    turn.bench.proxy(turn.proxy.name, *turn.backends, port=turn.proxy.port)
    time.sleep(0.5)
    before = sum(client.answered for client in clients)
    turn.proxy.kill(signal.SIGUSR1 if turn.proxy.name == "haproxy" else signal.SIGTERM)
    try:
        turn.proxy.child.wait(15)
        ended = 0
    except subprocess.TimeoutExpired:
        ended = 1
    time.sleep(1)
    lost = drain.finish(clients)
    for line in lost[:5]:
        print("    " + line)
    answered = sum(client.answered for client in clients)
    if answered == before:
        raise servers.Failure(f"{turn.proxy.name}: nothing was answered after the first edge was told to stop")
    return {"lost": len(lost), "left": ended, "again": sum(client.asked_again for client in clients)}


CPU = "CPU µs/request"
ALL = {
    "small": Case(
        "small: 128 B, 32 connections × 32 streams",
        {"cpu": Metric("CPU", CPU, "haproxy", 0.80), "rate": Metric("rate", "requests/s")},
        throughput("small", 300_000, 32, 32)),
    "stages": Case(
        "small, with every stage in use: fence of 1,000,000 tenants, session tokens, datasets, weights",
        {"cpu": Metric("CPU", CPU, "haproxy", 0.80), "rate": Metric("rate", "requests/s")},
        every_stage, stages=True),
    "medium": Case(
        "10 KiB, 32 connections × 32 streams",
        {"cpu": Metric("CPU", CPU, "haproxy", 0.90), "rate": Metric("rate", "requests/s")},
        throughput("medium", 60_000, 32, 32)),
    "upload": Case(
        "upload of 64 KiB, 16 connections × 8 streams",
        {"cpu": Metric("CPU", CPU), "rate": Metric("rate", "requests/s")},
        throughput("small", 12_000, 16, 8, upload=True)),
    "latency": Case(
        "2,000 requests/s",
        {"p50": Metric("p50", "µs"), "p99": Metric("p99", "µs", "haproxy", 1.10), "cpu": Metric("CPU", CPU)},
        fixed_rate),
    "handshake": Case(
        "full TLS 1.3 handshakes", {"cpu": Metric("CPU", "CPU µs/handshake")}, handshakes),
    "idle": Case(
        "1,000 idle connections",
        {"idle": Metric("settled", "KiB/connection", "", 44), "used": Metric("after a request", "KiB/connection")},
        idle_memory, fresh=True, rounds=3),
    "stalled": Case(
        "20 clients × 100 streams of 1 MiB never read, beside one that reads",
        {
            "failed": Metric("reader: failed", "requests", "", 0),
            "p99": Metric("reader: p99", "ms", "", 250),
            "memory": Metric("memory", "MiB more", "", 64),
        },
        stalled_readers, fresh=True, rounds=3),
    "kill": Case(
        "kill -9 of one of two endpoints at 500 GET/s",
        {"lost": Metric("lost", "requests", "", 0)},
        killed_endpoint, proxies=("portolan",), backends=2, fresh=True, rounds=3),
    "replace": Case(
        "SIGTERM of an edge under load, another beside it",
        {
            "lost": Metric("lost", "requests", "", 0),
            "left": Metric("did not end within 15 s", "edges", "", 0),
            "again": Metric("asked again", "requests"),
        },
        replaced_edge, proxies=("portolan",), fresh=True, rounds=3),
}
RETRIABLE = (OSError, ssl.SSLError, http2.ProtocolFailure)
