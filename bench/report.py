"""Numbers of interleaved rounds → medians, ratios, a table for people and JSON for programs."""

import json
import pathlib
import platform
import statistics
import subprocess
import time

import servers

OURS = "portolan"


def ratio(values, peer):
    """The median over rounds of ours ÷ the peer's in the same round; None where one of them did not run."""
    pairs = list(zip(values.get(OURS, []), values.get(peer, [])))
    usable = [ours / theirs for ours, theirs in pairs if theirs]
    return statistics.median(usable) if usable else None


def summary(case, results):
    """One row a metric: medians, least and most by proxy, ratios, and whether the bound holds."""
    rows = {}
    for name, metric in case.metrics.items():
        values = {proxy: [turn[name] for turn in turns] for proxy, turns in results.items() if turns}
        ratios = {peer: ratio(values, peer) for peer in values if peer != OURS}
        judged = ratios.get(metric.against) if metric.against else None
        if not metric.against and values.get(OURS):
            judged = max(values[OURS]) if metric.bound == 0 else statistics.median(values[OURS])
        holds = None if judged is None or metric.bound is None else judged <= metric.bound
        rows[name] = {
            "title": metric.title, "unit": metric.unit, "values": values, "ratios": ratios,
            "medians": {proxy: statistics.median(numbers) for proxy, numbers in values.items()},
            "bound": metric.bound, "against": metric.against, "holds": holds,
        }
    return rows


def number(value):
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def cell(row, proxy):
    values = row["values"].get(proxy)
    if not values:
        return "–"
    return f"{number(row['medians'][proxy])} ({number(min(values))}–{number(max(values))})"


def lines(case, rows, rounds):
    out = [f"{case.title}  [median of {rounds} (least–most)]"]
    for row in rows.values():
        parts = [f"  {row['title'] + ', ' + row['unit']:<34}"]
        parts += [f"{proxy} {cell(row, proxy):<26}" for proxy in case.proxies if proxy in row["values"]]
        parts += [f"÷ {peer} {value:.3f}" for peer, value in row["ratios"].items() if value is not None]
        if row["holds"] is not None:
            what = f"≤ {row['bound']} × {row['against']}" if row["against"] else f"≤ {row['bound']}"
            parts.append(f"[{what}: {'holds' if row['holds'] else 'MISSED'}]")
        out.append("  ".join(parts))
    return out


def version(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
        return (done.stdout or done.stderr).splitlines()[0]
    except (OSError, IndexError, servers.Failure):
        return "unknown"


def machine():
    models = [line for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "cpu": models[0].split(":", 1)[1].strip() if models else platform.machine(),
        "kernel": platform.release(),
        "load_before": float(pathlib.Path("/proc/loadavg").read_text().split()[0]),
        "haproxy": version([servers.program("haproxy"), "-v"]),
        "nghttpx": version([servers.program("nghttpx"), "--version"]),
        "openssl": version(["openssl", "version"]),
    }


def write(path, about, cases):
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "machine": about, "cases": cases}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
