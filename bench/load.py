"""h2load, held to the second core, and what it said."""

import dataclasses
import pathlib
import re
import subprocess
import tempfile

import servers


def percentile(values, percent):
    """Nearest rank, of values in any order."""
    ordered = sorted(values)
    return ordered[max(1, -(-len(ordered) * percent // 100)) - 1]


@dataclasses.dataclass
class Outcome:
    succeeded: int
    failed: int
    seconds: float
    latencies: list  # microseconds; only where asked for

    def percentile(self, percent):
        """In microseconds."""
        return percentile(self.latencies, percent)


def command(port, path, requests, connections, streams, rate=None, body=None, log=None, headers=()):
    out = [
        servers.program("h2load"), "--threads=1", f"--requests={requests}", f"--clients={connections}",
        f"--max-concurrent-streams={streams}", "--connection-inactivity-timeout=30s",
    ]
    out += [f"--rps={rate}"] if rate else []  # of each connection
    out += [f"--data={body}"] if body else []
    out += [f"--log-file={log}"] if log else []
    out += [f"--header={header}" for header in headers]
    return out + [f"https://127.0.0.1:{port}/{path}"]


def start(arguments):
    return subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        preexec_fn=servers.prepared(servers.LOAD_CORE))


def finish(child, timeout=120):
    try:
        text, _ = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        raise servers.Failure(f"h2load did not end within {timeout} s") from None
    return parse(text)


def parse(text):
    requests = re.search(r"requests: (\d+) total.* (\d+) succeeded, (\d+) failed", text)
    codes = re.search(r"status codes: (\d+) 2xx", text)
    seconds = re.search(r"finished in ([\d.]+)(us|ms|s)", text)
    if not (requests and codes and seconds):
        raise servers.Failure("h2load said nothing that can be read:\n" + text[-500:])
    good = min(int(requests[2]), int(codes[1]))
    unit = {"us": 1e-6, "ms": 1e-3, "s": 1.0}[seconds[2]]
    return Outcome(good, int(requests[1]) - good, float(seconds[1]) * unit, [])


def run(port, path, requests, connections, streams, rate=None, body=None, timeout=120, headers=()):
    """Requests at full speed; with `rate` (a second, on each connection) their latencies are kept."""
    if not rate:
        return finish(start(command(port, path, requests, connections, streams, body=body, headers=headers)), timeout)
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "log"
        outcome = finish(start(command(port, path, requests, connections, streams, rate, body, log)), timeout)
        outcome.latencies = latencies(log)
        return outcome


def latencies(log, warm_up_seconds=0.5):
    """Elapsed microseconds of the requests that began after the first half second: connecting is another case."""
    rows = [line.split("\t") for line in pathlib.Path(log).read_text().splitlines()]
    if not rows:
        raise servers.Failure("h2load logged no request")
    begin = min(int(row[0]) for row in rows) + warm_up_seconds * 1_000_000
    kept = [int(row[2]) for row in rows if int(row[0]) >= begin]
    return kept or [int(row[2]) for row in rows]
