"""The detectors beside the strongest of other people's programs: one run, one table.

    peers.py --peers DIR --forewarn-bench target/release/tasks [--repeat N] [--work DIR] [--only NAME ...]

DIR holds the peer harness: gen.py, prep.py, a script per task, results.jsonl with recorded figures. Each task is done by the
peer and by us, in turn, several times, one thread each. Compared are CPU seconds of the computation as each program counts
its own: imports, just-in-time compilation and reading are left out on both sides. Ours begins at the identifiers of the cells;
peers are given their neighbours. Peak memory is that of the process, as the system counts it. Figures that both must agree on
are compared, and the run fails where they differ.

A peer that is not installed is skipped by its name. SaTScan runs where $SATSCAN_BIN names its batch program; elsewhere its
recorded CPU seconds are scaled by what the other peers need here of theirs, and the table says so.
"""
import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ESDA = "b_gistar.py --k 1 --jobs 1 --mode "
# Our task: command of the peer, what it imports, the stages compared (all where none is named), the goal.
TASKS = {
    "emerging": ("d_ehsa.py --peer numpy", "scipy esda libpysal", None, 8),
    "density_gauss": ("e_kde.py --peer sklearn_gauss --events 100000 --rtol 0.0001", "sklearn h3ronpy", None, 25),
    "density_compact": ("e_kde.py --peer sklearn_epan --events 100000", "sklearn h3ronpy", None, 10),
    "density_compact_same_reach": ("e_kde.py --peer sklearn_epan --events 100000", "sklearn h3ronpy", None, None),
    "dissolve": ("g_zones.py --peer h3shape --res 7", "h3 h3ronpy geopandas", ["dissolve"], 12),
    "gi_star": (ESDA + "slice --perms 999", "esda libpysal numba", None, 10),
    "gi_star_million": (ESDA + "slice --perms 999", "esda libpysal numba", None, None),
    "gi_star_own_draws": (ESDA + "slice --perms 999", "esda libpysal numba", None, None),
    "cube": (ESDA + "cube --perms 99 --slices 4", "esda libpysal numba", None, None),
    "weeks": (ESDA + "weeks --perms 999 --slices 52", "esda libpysal numba", None, 10),
    "scan_permutation": ("c_scan_satscan.py --model permutation --perms 999", "", None, 15),
    "scan_poisson": ("c_scan_satscan.py --model poisson --perms 999", "", None, 15),
}
# Figures that must agree, and to which part of theirs.
ANCHORS = {
    "gi_star": {"z_sum": 1e-6, "z_max": 1e-6},
    "gi_star_million": {"z_sum": 1e-6, "z_max": 1e-6},
    "gi_star_own_draws": {"z_sum": 1e-6, "z_max": 1e-6},
    "weeks": {"z_sum": 1e-6},
    "emerging": {"z_sum": 1e-6, "s_sum": 0, "p_lt_.05": 0},
    "density_gauss": {"sum": 1e-3, "max": 1e-3},
    "dissolve": {"parts": 0, "vertices": 0},
    "scan_permutation": {"llr": 1e-6},
    "scan_poisson": {"llr": 1e-6},
}


def measured(command, env):
    """The last line of output, with CPU seconds and peak memory of the finished process."""
    child = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    found = json.loads(out.splitlines()[-1]) if out.strip() and not status else {"error": f"status {status}"}
    if "error" in found:
        sys.exit(f"{' '.join(map(str, command))}: {found['error']}")
    found.update(found.pop("result", {}))
    return {**found, "process_s": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024}


def compared_s(found, stages):
    return sum(found["stages"][name]["cpu"] for name in stages) if stages else found["cpu_s"]


def recorded(peers):
    """Median CPU seconds and the figures of each recorded command."""
    runs = {}
    for line in (peers / "results.jsonl").read_text().splitlines():
        run = json.loads(line)
        if "cmd" in run and "error" not in run:
            runs.setdefault(words(run["cmd"]), []).append(run)
    return runs


def words(command):
    """A command whatever the order of its options, without those that are defaults."""
    script, *options = command.split()
    pairs = zip(options[::2], options[1::2])
    return script, frozenset(pair for pair in pairs if pair != ("--jobs", "2"))


def prepare(peers, work, env):
    """What the harness prepares, and the classes of small cells that g_zones.py dissolves, as arrays."""
    if not (work / "scan_latlon.npy").exists():
        for script in ("gen.py", "prep.py"):
            subprocess.run([sys.executable, peers / script, "--rows", "1000000"], env=env, check=True)
    if not (work / "zones_class.npy").exists():
        text = (peers / "g_zones.py").read_text().removesuffix("main()\n")
        save = "import sys; a, b = classes(); np.save(sys.argv[-2], a.astype('u8')); np.save(sys.argv[-1], b.astype('i8'))"
        options = ["--res", "7", work / "zones_cells.npy", work / "zones_class.npy"]
        subprocess.run([sys.executable, "-c", text + save, *options], env=env | {"PYTHONPATH": str(peers)}, check=True)


def missing(modules):
    return [name for name in modules.split() if importlib.util.find_spec(name) is None]


def check(task, ours, theirs):
    for name, part in ANCHORS.get(task, {}).items():
        got, want = ours[name], float(theirs[name])
        if abs(got - want) > part * abs(want):
            sys.exit(f"{task}: {name} is {got}, the peer's {want}")


def by_command(tasks):
    """The peer's commands, each with those of our tasks that are held against it."""
    commands = {}
    for task in tasks:
        commands.setdefault(TASKS[task][0], []).append(task)
    return commands.items()


def spread(values, form):
    low, high = min(values), max(values)
    return f"{statistics.median(values):{form}} ({low:{form}}-{high:{form}})"


def row(task, ours, theirs, note=""):
    """One line of the table: each round's peer by the same round's own."""
    goal = TASKS[task][3]
    own_s, peer_s = [run["s"] for run in ours], [run["s"] for run in theirs]
    ratios = [peer / own for own, peer in zip(own_s, peer_s)]
    asked = f"{goal}x" if goal else ""
    memory = statistics.median(run["peak_mb"] for run in ours)
    theirs_mb = statistics.median(run["peak_mb"] for run in theirs)
    cells = [task + note, spread(peer_s, ".3g"), spread(own_s, ".3g"), spread(ratios, ".3g"), asked,
             f"{theirs_mb:.0f} / {memory:.0f}"]
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--peers", type=Path, required=True)
    options.add_argument("--forewarn-bench", required=True)
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--work", type=Path, default=Path("bench-work"))
    options.add_argument("--only", nargs="*", default=list(TASKS))
    options = options.parse_args()
    work, peers = options.work.resolve(), options.peers.resolve()
    work.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "PEERS_DATA": str(work), "PYTHONDONTWRITEBYTECODE": "1", "RAYON_NUM_THREADS": "1",
           "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    prepare(peers, work, env)
    once = recorded(peers)
    print("| task | peer, CPU s | forewarn, CPU s | ratio | goal | peak MB |\n|---|---|---|---|---|---|")
    pace, away = [], []
    for command, tasks in by_command(options.only):
        _, modules, stages, _ = TASKS[tasks[0]]
        before = once.get(words(command), [])
        if "satscan" in command and not os.environ.get("SATSCAN_BIN"):
            away.extend((task, before) for task in tasks)
            continue
        if missing(modules):
            print(f"skipped: {', '.join(tasks)}, for want of {', '.join(missing(modules))}", flush=True)
            continue
        script, *rest = command.split()
        theirs, ours = [], {task: [] for task in tasks}
        for _ in range(options.repeat):
            found = measured([sys.executable, peers / script, *rest], env)
            theirs.append({**found, "s": compared_s(found, stages)})
            for task in tasks:
                found = measured([options.forewarn_bench, work, task], env)
                ours[task].append({**found, "s": found["cpu_s"]})
                check(task, found, theirs[-1])
        for task in tasks:
            row(task, ours[task], theirs)
        if before:
            there = statistics.median(compared_s(run, stages) for run in before)
            pace.append(statistics.median(run["s"] for run in theirs) / there)
    for task, before in away:
        if not pace or not before:
            print(f"skipped: {task}, for want of SaTScan, or of peers that ran in both places")
            continue
        ours = [measured([options.forewarn_bench, work, task], env) for _ in range(options.repeat)]
        check(task, ours[-1], {"llr": before[-1]["result"]["llr"]})
        scale = statistics.median(pace)
        s, peak_mb = (statistics.median(run[name] for run in before) for name in ("cpu_s", "peak_rss_mb"))
        theirs = [{"s": s * scale, "peak_mb": peak_mb}] * options.repeat
        row(task, [{**run, "s": run["cpu_s"]} for run in ours], theirs, " (SaTScan as recorded, scaled)")
    if away and pace:
        print(f"Here peers need {spread(pace, '.2f')} of their recorded CPU seconds.")


main()
