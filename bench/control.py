#!/usr/bin/python3
"""Measures what the control plane promises on a running edge: how soon a change is in force, what survives a crash, and
what a flooded admin API costs requests.

  weights   PUT of a weight until every worker goes by it: p50, p99 of 400 changes
  kill      SIGKILL at a random moment among admin writes, again and again: everything that was answered is there after
  flood     p99 of requests while the admin API takes 2,000 calls a second, beside the p99 without
"""

import argparse
import collections
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

import load
import servers
from admin import Admin

CELLS = [f"cell-{number}" for number in range(4)]
BOUNDS = {"weights": 0.1, "flood": 1.2}


class Edge:
    """One edge with four cells over one backend, its state on disk, started again and again from the same files."""

    def __init__(self, bench, workers=2):
        self.bench, self.workers = bench, workers
        self.backend = bench.backend()
        self.port = servers.free_port()
        self.socket = bench.folder / "control.sock"
        cells = "\n".join(
            f'      {name}: {{endpoints: ["127.0.0.1:{self.backend.port}"]}}' for name in CELLS)
        self.file = bench.configuration("control.yaml", self.port, self.socket, f"""\
state: {{sqlite: {bench.folder / "control.db"}}}
regions:
  here:
    jurisdiction: us
    cells:
{cells}
  there: {{jurisdiction: eu, cells: {{there-a: {{endpoints: ["127.0.0.1:{self.backend.port}"]}}}}}}
routes:
  - {{name: default, match: {{}}}}
""")

    def start(self):
        self.socket.unlink(missing_ok=True)
        command = [self.bench.edge, "serve", "--config", self.file, "--workers", self.workers]
        self.process = self.bench.start("control-edge", command)
        self.bench._await(self.process, lambda: self.bench._admin_is_ready(self.socket))
        return Admin(self.socket)


def weights(bench, options):
    edge = Edge(bench)
    admin, watcher = edge.start(), Admin(edge.socket)
    times = []
    for number in range(400):
        began = time.monotonic()
        answer = admin.read("PUT", "/v1/cells/cell-0/weight", {"percent": 10 + number % 50, "reason": "bench"})
        while True:
            status = watcher.read("GET", "/v1/status")
            if min(status["acknowledged_generations"]) >= answer["generation"]:
                break
        times.append(time.monotonic() - began)
    p50, p99 = (load.percentile(times, percent) for percent in (50, 99))
    print(f"weights  from the request to every worker's acknowledgement: p50 {p50 * 1e3:.1f} ms, "
          f"p99 {p99 * 1e3:.1f} ms of {len(times)} changes")
    return p99 <= BOUNDS["weights"]


class Writer(threading.Thread):
    """Writes until the edge is gone. For each thing: what was answered last, and what may have happened besides."""

    def __init__(self, path, seed, limit):
        super().__init__(daemon=True)
        self.admin, self.random, self.limit = Admin(path), random.Random(seed), limit
        self.answered, self.pending, self.count = {}, None, 0

    def run(self):
        for _ in range(self.limit):
            key, value, call = self._next()
            self.pending = (key, value)
            try:
                self.admin.ask(*call)
            except OSError:
                return
            except Exception as error:
                # An answer that broke off is no answer; anything else is for the report.
                if isinstance(error, servers.Failure):
                    self.failure = str(error)
                return
            self.answered[key], self.pending = value, None
            self.count += 1

    failure = None

    def _next(self):
        if self.random.random() < 0.7:
            cell, percent = self.random.choice(CELLS[:3]), self.random.randrange(1, 30)
            body = {"percent": percent, "reason": "crash test"}
            return ("weight", cell), percent, ("PUT", f"/v1/cells/{cell}/weight", body)
        tenant, home = f"tenant-{self.random.randrange(20)}", self.random.choice(["here", "there"])
        residency = [{"here": "us", "there": "eu"}[home]]
        body = {"home": home, "residency": residency, "reason": "crash test"}
        return ("tenant", tenant), home, ("PUT", f"/v1/tenants/{tenant}", body)


def kill(bench, options):
    """Every round goes on with the state of the one before."""
    edge = Edge(bench, workers=1)
    rounds, lost, answered, audited = options.rounds, [], 0, 0
    known = {}
    chance = random.Random(options.seed)
    for number in range(rounds):
        edge.start().close()
        writer = Writer(edge.socket, options.seed * 1_000 + number, 500)
        writer.start()
        time.sleep(chance.uniform(0.005, 1.2))
        edge.process.kill(signal.SIGKILL)
        edge.process.child.wait(10)
        writer.join(10)
        if writer.failure:
            lost.append(f"round {number}: {writer.failure}")
        known.update(writer.answered)
        answered += writer.count
        admin = edge.start()
        cells = {cell["name"]: cell for cell in admin.read("GET", "/v1/cells")["cells"]}
        for (kind, name), value in known.items():
            if kind == "weight":
                found = (cells[name].get("weight_set") or {}).get("percent")
            else:
                found = admin.read("GET", f"/v1/tenants/{name}")["home"]
            if found != value and writer.pending != ((kind, name), found):
                lost.append(f"round {number}: {kind} of {name} is {found}, answered was {value}")
            known[(kind, name)] = found
        entries = admin.read("GET", "/v1/audit?limit=1")["entries"]
        audited = entries[0]["number"] if entries else 0
        admin.close()
        edge.process.kill(signal.SIGTERM)
        edge.process.child.wait(40)
    print(f"kill     {rounds} kills among {answered} answered writes (seed {options.seed}): {len(lost)} lost, "
          f"{audited} audit entries")
    for line in lost[:5]:
        print(f"         {line}")
    return not lost and audited >= answered


def flood(bench, options):
    edge = Edge(bench, workers=1)
    edge.start().close()
    ratios, rates = [], []
    for number in range(options.rounds_flood):
        quiet, calm = latency(edge)
        command = [sys.executable, pathlib.Path(__file__).parent / "flooder.py", edge.socket, "9", "500"]
        flooders = [
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=servers.prepared(servers.LOAD_CORE))
            for _ in range(4)]
        time.sleep(0.5)
        loud, wait = latency(edge)
        said = [json.loads(child.communicate(timeout=30)[0]) for child in flooders]
        rates.append(sum(one["calls"] / one["seconds"] for one in said))
        answers = sum((collections.Counter(one["statuses"]) for one in said), collections.Counter())
        if not set(answers) <= {"200", "429"}:  # who calls too often may be told to wait
            raise servers.Failure(f"the admin API answered {dict(answers)}")
        ratios.append(loud / quiet)
        print(f"         round {number + 1}: p99 {quiet / 1e3:.2f} ms quiet, {loud / 1e3:.2f} ms under {rates[-1]:,.0f} "
              f"calls/s ({answers['200']} of {answers.total()} served, the others told to wait); the worker waited "
              f"{calm:.1f} and {wait:.1f} µs for its core", flush=True)
    ratio, rate = load.percentile(ratios, 50), load.percentile(rates, 50)
    print(f"flood    p99 under {rate:,.0f} admin calls/s is {ratio:.2f} × the p99 without (median of {len(ratios)})")
    return ratio <= BOUNDS["flood"]


def waited(edge):
    """Nanoseconds that the worker was ready and had no core, and how often it got one."""
    for task in pathlib.Path(f"/proc/{edge.process.pid}/task").iterdir():
        if (task / "comm").read_text().startswith("worker-"):
            return [int(field) for field in (task / "schedstat").read_text().split()[1:]]
    raise servers.Failure("the edge has no worker")


def latency(edge):
    """At 2,000 requests a second: their p99 in microseconds, and how many the worker waited for its core when it woke.

    The second tells what the edge does to itself. The p99 holds also what flooders do to h2load and to the backend,
    with which they share a core.
    """
    before = waited(edge)
    outcome = load.run(edge.port, "small", 12_000, 10, 10, rate=200)
    if outcome.failed:
        raise servers.Failure(f"{outcome.failed} requests failed")
    nanoseconds, times = (late - early for late, early in zip(waited(edge), before))
    return outcome.percentile(99), nanoseconds / max(1, times) / 1e3


MEASURES = {"weights": weights, "kill": kill, "flood": flood}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measures", nargs="*", choices=[[], *MEASURES], help="all without a name")
    parser.add_argument("--rounds", type=int, default=50, help="of kill")
    parser.add_argument("--rounds-flood", type=int, default=5)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--edge", type=pathlib.Path, default=servers.ROOT / ".build/release/portolan")
    options = parser.parse_args()
    held = True
    for name in options.measures or MEASURES:
        with tempfile.TemporaryDirectory(prefix="portolan-bench-") as folder:
            with servers.Bench(folder, options.edge) as bench:
                held = MEASURES[name](bench, options) and held
    return 0 if held else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except (servers.Failure, subprocess.SubprocessError) as failure:
        sys.exit(f"control: {failure}")
