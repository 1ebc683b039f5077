#!/usr/bin/python3
"""Measures the edge beside HAProxy and nghttpx: TLS HTTP/2 in, h2c out, one worker each on core 0, load on core 1.

Every proxy stands before the same backend; rounds are interleaved (the order turns by one each round), and a ratio is
the median of the rounds' ratios, so that a slow minute of the machine hits all alike. See bench/README.md.
"""

import argparse
import os
import pathlib
import signal
import sys
import tempfile

import cases
import report
import servers


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", help="comma-separated, of: " + ", ".join(cases.ALL), default=",".join(cases.ALL))
    parser.add_argument("--proxies", help="comma-separated", default="portolan,haproxy,nghttpx")
    parser.add_argument("--rounds", type=int, default=9, help="interleaved rounds of each case (default 9)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, 3 rounds: does it run at all?")
    parser.add_argument("--edge", type=pathlib.Path, default=servers.ROOT / ".build/release/portolan")
    parser.add_argument("--json", type=pathlib.Path, default=servers.ROOT / "bench/out/results.json")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bound is missed")
    options = parser.parse_args()
    options.cases = options.cases.split(",")
    unknown = [name for name in options.cases if name not in cases.ALL]
    if unknown:
        parser.error(f"no such case: {', '.join(unknown)}")
    options.proxies = options.proxies.split(",")
    if "portolan" in options.proxies and not options.edge.exists():
        print(f"{options.edge} is missing (make release): measuring the peers alone", file=sys.stderr)
        options.proxies.remove("portolan")
    if options.quick:
        options.rounds = min(options.rounds, 3)
    return options


def turn(bench, case, running, name, scale):
    """One proxy's measurement in one round, in a new process where the case wants that."""
    if not case.fresh:
        return case.measure(cases.Round(bench, running[name], running["backends"], scale))
    bench.stop_all()
    backends = [bench.backend(f"backend{index}") for index in range(case.backends)]
    return case.measure(cases.Round(bench, bench.proxy(name, *backends, stages=case.stages), backends, scale))


def measure(bench, case, options):
    proxies = [name for name in case.proxies if name in options.proxies]
    results = {name: [] for name in proxies}
    running = {}
    if not case.fresh:
        running["backends"] = [bench.backend(f"backend{index}") for index in range(case.backends)]
        for name in proxies:
            running[name] = bench.proxy(name, *running["backends"], stages=case.stages)
            turn(bench, case, running, name, 0.1)  # warm
    scale = 0.1 if options.quick else 1.0
    rounds = min(options.rounds, case.rounds or options.rounds)
    for index in range(rounds):
        order = proxies[index % len(proxies):] + proxies[:index % len(proxies)] if proxies else []
        for name in order:
            try:
                results[name].append(turn(bench, case, running, name, scale))
            except cases.RETRIABLE as error:
                raise servers.Failure(f"{case.title}: {name}: {error}") from error
    bench.stop_all()
    return results, rounds


def main():
    options = arguments()
    cores = os.sched_getaffinity(0)
    if not {servers.PROXY_CORE, servers.LOAD_CORE} <= cores:
        raise servers.Failure("cores 0 and 1 are needed: one for the proxy, one for load and backend")
    os.sched_setaffinity(0, {servers.LOAD_CORE})
    about, found, missed = report.machine(), {}, []
    with tempfile.TemporaryDirectory(prefix="portolan-bench-") as folder, servers.Bench(folder, options.edge) as bench:
        for name in options.cases:
            case = cases.ALL[name]
            if not set(case.proxies) & set(options.proxies):
                continue
            results, rounds = measure(bench, case, options)
            rows = report.summary(case, results)
            print("\n".join(report.lines(case, rows, rounds)), flush=True)
            missed += [f"{name}.{key}" for key, row in rows.items() if row["holds"] is False]
            found[name] = {"title": case.title, "rounds": rounds, "metrics": rows}
            report.write(options.json, about, found)
    print(f"written to {options.json}")
    if missed:
        print("missed: " + ", ".join(missed))
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except servers.Failure as failure:
        sys.exit(f"bench: {failure}")
