"""One million invented incidents, from CSV to published zones: forewarn beside a Python expert's pipeline.

    pipeline.py --peers DIR --forewarn PATH [--rows N] [--repeat N] [--work DIR]

DIR holds gen.py and h_pipeline_expert.py of the peer harness. Both programs read the same file, in turn, several times in
one run; what is printed is CPU seconds (user and system, all threads), peak resident memory and their ratios, pair by
pair. The peer's own stage times tell which of its steps the night does not take (120 monthly Gi* maps and their trends);
the ratio without them is printed beside the whole.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

MISSION = """
[mission]
name = "SYNTHETIC benchmark"
country = "CAF"
synthetic = true
[area]
resolution = 5
index_resolution = 9
cells = "centred"
[window]
detect_weeks = 12
history_years = 9
reporting_delay_days = 14
[season]
card = "caf"
[outcome]
kinds = ["battle", "clash", "attack_on_civilians", "looting", "other"]
[detect]
ring = 1
draws = 400000
false_discovery_rate = 0.05
[scan]
rings = 2
replicates = {replicates}
recurrence_days = 365
[trend]
step_weeks = 4
steps = 39
level = 0.05
wording = "esri_2024"
[zones]
max_area_km2 = 2000.0
max_zones = 20
draws = 2000
[gates]
max_rejected_share = 0.0
max_data_age_days = 30
[[source]]
kind = "boundaries"
path = "areas.geojson"
[[source]]
kind = "mapped"
path = "{csv}"
[source.columns]
source_id = "event_id_cnty"
date_start = "event_date"
lat_deg = "latitude"
lon_deg = "longitude"
kind = "event_type"
fatalities = "fatalities"
{precision}
[source.values.kind]
Battles = "battle"
"Violence against civilians" = "attack_on_civilians"
"Explosions/Remote violence" = "attack_on_civilians"
Riots = "clash"
Protests = "other"
"Strategic developments" = "looting"
Displacement = "other"
"""
# The peer takes every coordinate at its word; so does the first mission. The second places as known.
AS_POINTS = '[source.constants]\nplace_precision = "town"'
AS_KNOWN = ('place_precision = "geo_precision"\n[source.values.place_precision]\n'
            '1 = "town"\n2 = "near"\n3 = "admin1"')
# What the expert does; that and the scan, which the expert has no counterpart of; that, placed as known.
MISSIONS = {"same_steps": (AS_POINTS, 0), "with_scan": (AS_POINTS, 999), "placed_as_known": (AS_KNOWN, 999)}
AS_OF = "2025-01-14"
NOT_OURS = ("gistar_120_slices", "mann_kendall", "imports")


def measured(command, env):
    """CPU seconds, peak MB and standard output of one finished process."""
    child = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, err = child.stdout.read(), child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if status:
        sys.exit(f"{command[0]} failed:\n{err}")
    return {"cpu_s": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024, "out": out}


def mission(folder, csv, precision, replicates, peers):
    """Countries as the study area; the generator's first level is blocks of two degrees."""
    from shapely.geometry import Polygon, box, mapping
    sys.path.insert(0, str(peers))
    from gen import COUNTRIES
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    features = []
    for country in COUNTRIES:
        shape, iso = Polygon(country["poly"]), country["iso"]
        features.append({"type": "Feature", "properties": {"adm0_pcode": iso, "adm0_name": iso}, "geometry": mapping(shape)})
        west, south, east, north = (int(side // 2) for side in shape.bounds)
        for x in range(west, east + 1):
            for y in range(south, north + 1):
                part = shape.intersection(box(2 * x, 2 * y, 2 * x + 2, 2 * y + 2))
                if part.area > 0:
                    code = {"adm0_pcode": iso, "adm1_pcode": f"{iso}{x + 50:02}{y + 50:02}", "adm1_name": "block"}
                    features.append({"type": "Feature", "properties": code, "geometry": mapping(part)})
    (folder / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (folder / "mission.toml").write_text(MISSION.format(csv=csv, precision=precision, replicates=replicates))


def night(forewarn, folder, env):
    shutil.rmtree(folder / "runs", ignore_errors=True)
    done = measured([forewarn, "run", str(folder), "--as-of", AS_OF, "--json"], env)
    done["zones"] = len(json.loads(done["out"])["zones"])
    return done


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--peers", type=Path, required=True)
    options.add_argument("--forewarn", required=True)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--work", type=Path, default=Path("bench-work"))
    options = options.parse_args()
    work, peers = options.work.resolve(), options.peers.resolve()
    work.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "PEERS_DATA": str(work), "PYTHONDONTWRITEBYTECODE": "1"}
    csv = work / f"incidents_{options.rows}.csv"
    if not csv.exists():
        subprocess.run([sys.executable, peers / "gen.py", "--rows", str(options.rows)], env=env, check=True)
    for name, (precision, replicates) in MISSIONS.items():
        mission(work / name, csv, precision, replicates, peers)
    expert = [sys.executable, str(peers / "h_pipeline_expert.py"), "--rows", str(options.rows)]
    night(options.forewarn, work / "same_steps", env), measured(expert, env)  # warm the page cache
    rounds = []
    for _ in range(options.repeat):
        found = {name: night(options.forewarn, work / name, env) for name in MISSIONS}
        found["expert"] = measured(expert, env)
        stages = json.loads(found["expert"]["out"].splitlines()[-1])["stages"]
        found["expert"]["steps_s"] = sum(s["cpu"] for name, s in stages.items() if name not in NOT_OURS)
        rounds.append(found)
    report(options.rows, rounds)


def report(rows, rounds):
    def line(what, figure, unit):
        values = [figure(found) for found in rounds]
        low, middle, high = min(values), statistics.median(values), max(values)
        print(f"{what:<60} {middle:8.2f} ({low:.2f}-{high:.2f}) {unit}")

    def of(name, figure):
        return lambda found: found[name][figure]

    def ratio(name, figure):
        return lambda found: found["expert"][figure] / found[name][figure]

    print(f"{rows} incidents, {len(rounds)} rounds: median (lowest-highest)")
    line("expert, CPU with its imports", of("expert", "cpu_s"), "s")
    line("expert, CPU of the steps that a night has, no imports", of("expert", "steps_s"), "s")
    line("expert, peak memory", of("expert", "peak_mb"), "MB")
    for name in MISSIONS:
        line(f"forewarn {name}, CPU", of(name, "cpu_s"), "s")
        line(f"forewarn {name}, peak memory", of(name, "peak_mb"), "MB")
        line(f"expert / forewarn {name}, CPU", ratio(name, "cpu_s"), "times")
        line(f"expert / forewarn {name}, memory", ratio(name, "peak_mb"), "times")


main()
