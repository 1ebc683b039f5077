#!/usr/bin/python3
"""Measures what the control plane promises on a running edge: how soon a change is in force, what survives a crash, and
what a flooded admin API costs requests.

  weights   PUT of a weight until every worker goes by it: p50, p99 of 400 changes
  kill      SIGKILL at a random moment among admin writes, again and again: everything that was answered is there after
  flood     p99 of requests while the admin API takes 2,000 calls a second, beside the p99 without
"""

import argparse
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


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[max(1, -(-len(ordered) * percent // 100)) - 1]


class Edge:
    """One edge with four cells over one backend, its state on disk, started again and again from the same files."""

    def __init__(self, bench, workers=2):
        self.bench, self.workers = bench, workers
        self.backend = bench.backend()
        self.port = servers.free_port()
        self.socket = bench.folder / "control.sock"
        cells = "\n".join(
            f'      {name}: {{endpoints: ["127.0.0.1:{self.backend.port}"]}}' for name in CELLS)
        self.file = bench._write("control.yaml", f"""\
version: 1
edge: {{name: bench, region: here}}
listeners:
  - name: public
    address: "127.0.0.1:{self.port}"
    protocols: [h2]
    tls: {{certificates: [{{certificate: {bench.certificate}, key: {bench.key}}}]}}
admin: {{socket: {self.socket}}}
state: {{sqlite: {bench.folder / "control.db"}}}
health: {{path: /small}}
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
    p99 = percentile(times, 99)
    print(f"weights  from the request to every worker's acknowledgement: p50 {percentile(times, 50) * 1e3:.1f} ms, "
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


FLOODER = """
import http.client, json, os, socket, sys, time
path, seconds, rate = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
os.nice(10)
link = socket.socket(socket.AF_UNIX); link.settimeout(5); link.connect(path)
# A mixture that reads and writes; sixteen calls a batch, sent without waiting for each answer.
calls = [b"GET /v1/cells HTTP/1.1\\r\\nhost: localhost\\r\\n\\r\\n", b"GET /v1/status HTTP/1.1\\r\\nhost: localhost\\r\\n\\r\\n",
         b"GET /v1/regions HTTP/1.1\\r\\nhost: localhost\\r\\n\\r\\n", b"GET /metrics HTTP/1.1\\r\\nhost: localhost\\r\\n\\r\\n"]
began, sent, codes = time.monotonic(), 0, {}
stream = link.makefile("rb")
def answer():
    code = int(stream.readline().split()[1]); length = 0
    while True:
        line = stream.readline().strip().lower()
        if not line: break
        if line.startswith(b"content-length:"): length = int(line.split(b":")[1])
    stream.read(length); codes[code] = codes.get(code, 0) + 1
while time.monotonic() - began < seconds:
    batch = [calls[(sent + index) % 4] for index in range(4)]
    link.sendall(b"".join(batch))
    for _ in batch: answer()
    sent += len(batch)
    ahead = sent / rate - (time.monotonic() - began)
    if ahead > 0: time.sleep(ahead)
print(json.dumps({"calls": sent, "seconds": time.monotonic() - began, "codes": codes}))
"""


def flood(bench, options):
    edge = Edge(bench, workers=1)
    edge.start().close()
    ratios, told = [], []
    for number in range(options.rounds_flood):
        quiet = latency(edge)
        flooders = [
            subprocess.Popen(
                [sys.executable, "-c", FLOODER, str(edge.socket), "9", "500"], stdout=subprocess.PIPE, text=True,
                preexec_fn=servers.prepared(servers.LOAD_CORE)) for _ in range(4)]
        time.sleep(0.5)
        loud = latency(edge)
        said = [json.loads(child.communicate(timeout=30)[0]) for child in flooders]
        rate = sum(one["calls"] / one["seconds"] for one in said)
        ratios.append(loud / quiet)
        told.append(rate)
        print(f"         round {number + 1}: p99 {quiet / 1e3:.2f} ms quiet, {loud / 1e3:.2f} ms under "
              f"{rate:,.0f} calls/s", flush=True)
    ratio = percentile(ratios, 50)
    print(f"flood    p99 under {percentile(told, 50):,.0f} admin calls/s is {ratio:.2f} × the p99 without (median of "
          f"{len(ratios)})")
    return ratio <= BOUNDS["flood"]


def latency(edge):
    """p99 in microseconds at 2,000 requests a second."""
    outcome = load.run(edge.port, "small", 12_000, 10, 10, rate=200)
    if outcome.failed:
        raise servers.Failure(f"{outcome.failed} requests failed")
    return outcome.percentile(99)


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
