#!/usr/bin/python3
"""Counts user-space instructions and mallocs per request under callgrind, for edge-bench and HAProxy.

Each proxy runs twice, with two different numbers of requests; the difference is divided by the difference, so that
start-up, handshakes and shutdown drop out. Mallocs are the calls of malloc's family in the profile. Instructions do
not depend on the machine's mood: bench/budget.json holds ours, and --check (CI) fails when one is exceeded.
"""

import argparse
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

import load
import servers

BUDGET = servers.ROOT / "bench/budget.json"
ALLOCATORS = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"}
CONNECTIONS, STREAMS = 32, 32
FEW, MANY = 4_096, 16_384


def profile(bench, name, requests):
    """One run under callgrind: instructions and allocations of the whole process."""
    backend = bench.backend()
    out = bench.folder / f"callgrind.{name}.{requests}"
    under = [servers.program("valgrind"), "--tool=callgrind", f"--callgrind-out-file={out}", "--quiet"]
    proxy = bench.proxy(name, backend, under=under)
    outcome = load.run(proxy.port, "small", requests, CONNECTIONS, STREAMS, timeout=300)
    if outcome.failed:
        raise servers.Failure(f"{name}: {outcome.failed} of {requests} requests failed under valgrind")
    proxy.kill(signal.SIGTERM)
    try:
        proxy.child.wait(60)
    except subprocess.TimeoutExpired:
        raise servers.Failure(f"{name} did not end within 60 s of SIGTERM") from None
    bench.stop_all()
    return read(out)


def read(path):
    """Instructions and calls of the allocators in a callgrind profile, whose names are given once and then by number."""
    names, instructions, allocations = {}, 0, 0
    caller = callee = ""
    for line in path.read_text(errors="replace").splitlines():
        called = re.match(r"(c?)fn=\((\d+)\)(?: (.*))?", line)
        if called:
            if called[3]:
                names[called[2]] = called[3].split("'")[0]
            if called[1]:
                callee = names[called[2]]
            else:
                caller = names[called[2]]
        elif line.startswith("calls=") and callee in ALLOCATORS and caller not in ALLOCATORS:
            allocations += int(line[6:].split()[0])
        elif line.startswith(("summary:", "totals:")):
            instructions = int(line.split()[1])
    if not instructions:
        raise servers.Failure(f"{path.name} holds no total: valgrind was killed before it wrote")
    return instructions, allocations


def per_request(bench, name):
    few, many = profile(bench, name, FEW), profile(bench, name, MANY)
    return {
        "instructions": round((many[0] - few[0]) / (MANY - FEW)),
        "mallocs": round((many[1] - few[1]) / (MANY - FEW), 3),
    }


def show(found):
    for name, counts in found.items():
        print(f"{name:<12} {counts['instructions']:>8,} instructions/request  {counts['mallocs']:.3f} mallocs/request")
    if {"edge-bench", "haproxy"} <= set(found):
        ratio = found["edge-bench"]["instructions"] / found["haproxy"]["instructions"]
        print(f"edge-bench ÷ haproxy: {ratio:.3f}  [≤ 0.8: {'holds' if ratio <= 0.8 else 'MISSED'}]")


def exceeded(found):
    """What of ours is over the budget, each as one line that says what to do."""
    budget = json.loads(BUDGET.read_text())
    return [
        f"{key} per request: {found[key]} is over the budget of {limit} (bench/budget.json): find what grew with "
        f"callgrind_annotate, or raise the budget in a commit that says why"
        for key, limit in budget["per_request"].items() if found[key] > limit
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proxies", default="edge-bench,haproxy", help="comma-separated")
    parser.add_argument("--edge", type=pathlib.Path, default=servers.ROOT / ".build/release/edge-bench")
    parser.add_argument("--check", action="store_true", help="measure ours alone; exit 1 when over bench/budget.json")
    parser.add_argument("--keep", type=pathlib.Path, help="leave the profiles in this folder")
    options = parser.parse_args()
    found = {}
    with tempfile.TemporaryDirectory(prefix="portolan-bench-") as folder, servers.Bench(folder, options.edge) as bench:
        for name in ["edge-bench"] if options.check else options.proxies.split(","):
            found[name] = per_request(bench, name)
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            for path in bench.folder.glob("callgrind.*"):
                (options.keep / path.name).write_bytes(path.read_bytes())
    show(found)
    out = servers.ROOT / "bench/out/instructions.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=1) + "\n")
    over = exceeded(found["edge-bench"]) if options.check else []
    for line in over:
        print(line, file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except servers.Failure as failure:
        sys.exit(f"bench: {failure}")
