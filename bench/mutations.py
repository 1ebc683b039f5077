#!/usr/bin/env python3
"""Does the simulator notice when Policy is wrong?

Puts deliberate bugs into a copy of Sources/Policy, all at once, each behind a number that is chosen when the program
starts, so that one build does for all; then runs seeds of the simulator with one bug after the other. A bug is written
as a replacement of text that must occur exactly once: one that no longer applies fails the run.

    bench/mutations.py [--seeds N] [--only NAME]… [--keep DIR]

Exit code 0: the sound program holds, and every bug was caught.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Name, what is wrong, and the edits: file under Sources/Policy, what stands there, what is to stand there. `ON` is
# true while the bug is switched on.
MUTATIONS = [
    ("fence-in-panic", "a panic looks beyond the residency fence", [
        ("Stages/FitnessStage.swift", "guard candidates.regions.contains(region), snapshot",
         "guard ON || candidates.regions.contains(region), snapshot"),
        ("Stages/Candidates.swift", "        keep(only: region, .panic)\n",
         "        if ON { regions.insert(region) }\n        keep(only: region, .panic)\n"),
    ]),
    ("panic-with-writes", "a panic takes unsafe requests", [
        ("Stages/FitnessStage.swift", "guard isPanic, facts.method.isSafe, route",
         "guard isPanic, ON || facts.method.isSafe, route"),
    ]),
    ("fall-off-by-one", "it takes one failed probe more to mark down", [
        ("Steering/Health/HealthDetector.swift", "(state == .up && failuresInRow >= settings.fall)",
         "(state == .up && failuresInRow >= settings.fall + (ON ? 1 : 0))"),
    ]),
    ("rise-off-by-one", "it takes one good probe more to mark up", [
        ("Steering/Health/HealthDetector.swift", "(state == .down && successesInRow >= settings.rise)",
         "(state == .down && successesInRow >= settings.rise + (ON ? 1 : 0))"),
    ]),
    ("slow-confirming", "a failed probe is confirmed no sooner than the next one is due", [
        ("Steering/Health/HealthDetector.swift", "return state == .up && doubts > 0",
         "return !ON && state == .up && doubts > 0"),
    ]),
    ("session-moved-by-weight", "weight 0 drives sessions away", [
        ("Stages/SessionStage.swift", "        return !cell.available.isEmpty\n",
         "        return !cell.available.isEmpty && !(ON && cell.share == 0)\n"),
    ]),
    ("drain-leaves-sessions", "a drain stops when half of the sessions are gone", [
        ("Steering/Operator/Drain.swift", "guard leavingSlots == 10_000 else { continue }",
         "guard leavingSlots == (ON ? 5_000 : 10_000) else { continue }"),
    ]),
    ("credit-reset", "a publication resets the round robin", [
        ("DecisionState.swift", "            let share = Int(snapshot.cells[cell.index].share)\n",
         "            let share = Int(snapshot.cells[cell.index].share)\n"
         "            if ON { cells[cell.index].credit = 0 }\n"),
    ]),
    ("wrong-bucket", "keyed requests fall by the part of the hash that drains go by", [
        ("Stages/CellStage.swift", "        var bucket = facts.key.bucket\n",
         "        var bucket = ON ? Int(facts.key.slot) : facts.key.bucket\n"),
    ]),
    ("buckets-not-monotone", "a change of shares deals all buckets anew", [
        ("Steering/Operator/SliceMap.swift", "        guard sum > 0 else { return }\n",
         "        guard sum > 0 else { return }\n        if ON { runs.reverse() }\n"),
    ]),
    ("band-without-dwell", "the order of regions changes as soon as it may", [
        ("Steering/Latency/LatencyOrder.swift", ">= rules.dwellMilliseconds } ?? true",
         ">= (ON ? 0 : rules.dwellMilliseconds) } ?? true"),
    ]),
    ("spill-beyond-the-fence", "what a region lets go may go to any other", [
        ("Stages/LatencyStage.swift", "if region == first || !candidates.regions.contains(region) { continue }",
         "if region == first || !(ON || candidates.regions.contains(region)) { continue }"),
        ("Stages/LatencyStage.swift", "        candidates.keep(only: region, next == .none",
         "        if ON { return region }\n        candidates.keep(only: region, next == .none"),
    ]),
    ("spill-without-reserve", "a region keeps its healthy share and not 1.4 times as much", [
        ("Steering/Snapshots/Spill.swift", "healthy * 100 * rules.overprovisioningPercent / total",
         "healthy * 100 * (ON ? 100 : rules.overprovisioningPercent) / total"),
    ]),
    ("retry-to-the-same", "a retry may go to the endpoint that failed", [
        ("Stages/EndpointStage.swift", "                count -= 1\n",
         "                count -= 1\n                if ON { (hole, count) = (.max, count + 1) }\n"),
    ]),
    ("eject-everything", "outliers are ejected without a limit", [
        ("Steering/Outliers/OutlierDetector.swift", "guard ejectedCounts[cell] < most else",
         "if ON { return true }\n        guard ejectedCounts[cell] < most else"),
    ]),
    ("eject-nothing", "failures in a row eject nobody", [
        ("Steering/Outliers/OutlierDetector.swift", "if failures >= UInt64(settings.consecutiveFailures) {",
         "if !ON, failures >= UInt64(settings.consecutiveFailures) {"),
    ]),
    ("slow-start-stuck", "a recovered endpoint stays at a tenth", [
        ("Steering/Health/SlowStart.swift", "        if nanoseconds >= totalNanoseconds { return 100 }\n",
         "        if ON { return UInt8(firstPercent) }\n"
         "        if nanoseconds >= totalNanoseconds { return 100 }\n"),
    ]),
    ("write-anywhere", "a write goes to the nearest region", [
        ("Stages/OwnershipStage.swift", "        if route.dataset < 0 { return nil }\n",
         "        if ON || route.dataset < 0 { return nil }\n"),
    ]),
    ("refusal-loses-actions", "what was due when a command is refused is done, and told to nobody", [
        ("Steering/Steering+Intent.swift", "        next.advance(now: now, into: &actions)\n",
         "        if ON { advance(now: now, into: &actions) }\n        next.advance(now: now, into: &actions)\n"),
    ]),
    ("lost-generation", "a snapshot skips a generation", [
        ("Steering/Steering+Health.swift", "generation: snapshot.generation + 1)",
         "generation: snapshot.generation + (ON && snapshot.generation % 100 == 7 ? 2 : 1))"),
    ]),
]

MANIFEST = """// swift-tools-version: 6.2
import PackageDescription
let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]
let package = Package(
    name: "mutants",
    targets: [
        .target(name: "Model", swiftSettings: common),
        .target(name: "Policy", dependencies: ["Model"], swiftSettings: common),
        .target(name: "Simulation", dependencies: ["Policy", "Model"], swiftSettings: common),
        .executableTarget(name: "Simulate", dependencies: ["Simulation", "Policy"], swiftSettings: common),
    ])
"""

SWITCH = "/// Which deliberate bug is switched on; 0: none.\nnonisolated(unsafe) public var mutant = 0\n"


def find(policy, name):
    """A file keeps its name when folders are tidied."""
    path = policy / name
    found = [path] if path.exists() else sorted(policy.rglob(pathlib.Path(name).name))
    if len(found) != 1:
        sys.exit(f"mutations.py: {name} is not in Sources/Policy any more")
    return found[0]


def prepare(folder):
    """A package of Policy with all bugs, and the simulator; what was there before is kept for the build's sake."""
    sources = folder / "Sources"
    shutil.rmtree(sources, ignore_errors=True)
    for module in ("Model", "Policy", "Simulation", "Simulate"):
        shutil.copytree(ROOT / "Sources" / module, sources / module)
    (folder / "Package.swift").write_text(MANIFEST)
    policy = sources / "Policy"
    for number, (name, _, edits) in enumerate(MUTATIONS, start=1):
        for file, before, after in edits:
            path = find(policy, file)
            text = path.read_text()
            if text.count(before) != 1:
                sys.exit(f"mutations.py: {name} no longer applies to {path.name}: "
                         f"{text.count(before)} × {before.strip()!r}")
            path.write_text(text.replace(before, after.replace("ON", f"(mutant == {number})")))
    (policy / "Mutant.swift").write_text(SWITCH)
    main = sources / "Simulate" / "main.swift"
    text = main.read_text().replace("import Simulation\n", "import Policy\nimport Simulation\n", 1)
    at = text.index("var campaign = Campaign()")
    main.write_text(text[:at] + 'mutant = getenv("MUTANT").flatMap { Int(String(cString: $0)) } ?? 0\n' + text[at:])


def run(binary, number, seeds):
    """The first failing seed's place and its violation; a crash counts as one."""
    done = subprocess.run([binary, "--seeds", str(seeds), "--json", "--fast"], capture_output=True, text=True,
                          env={**os.environ, "MUTANT": str(number)}, check=False)
    if done.returncode not in (0, 1):
        return 1, {"invariant": "crash", "text": done.stderr.strip().splitlines()[-1:] or ["?"]}
    result = json.loads(done.stdout)
    return result["worlds"], result.get("violation")


def main():
    parser = argparse.ArgumentParser(description="put bugs into Policy and see whether the simulator notices")
    parser.add_argument("--seeds", type=int, default=200, help="hours to look for each bug")
    parser.add_argument("--only", action="append", help="this bug; may be repeated")
    parser.add_argument("--keep", metavar="DIR", help="build there and leave it")
    options = parser.parse_args()
    folder = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="mutants-")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    prepare(folder)
    subprocess.run(["swift", "build", "-c", "release", "-Xswiftc", "-DDEBUG", "--product", "Simulate"], cwd=folder,
                   check=True, stdout=subprocess.DEVNULL)
    binary = folder / ".build" / "release" / "Simulate"
    worlds, violation = run(binary, 0, options.seeds)
    print(f"{'sound program':26} {'holds' if not violation else violation['invariant'] + ': ' + violation['text']}"
          f" ({worlds} seeds)", flush=True)
    missed = bool(violation)
    for number, (name, _, _) in enumerate(MUTATIONS, start=1):
        if options.only and name not in options.only:
            continue
        worlds, violation = run(binary, number, options.seeds)
        missed = missed or not violation
        print(f"{name:26} " + (f"{violation['invariant']:14} seed {worlds}" if violation else "NOT CAUGHT"), flush=True)
    if not options.keep:
        shutil.rmtree(folder)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
