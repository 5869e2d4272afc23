"""Ten million invented incidents, from CSV to counts per cell and week: forewarn beside polars with its H3 plugin.

    ingest.py --forewarn PATH [--rows N] [--repeat N] [--work DIR]

Both read the file that `forewarn synth` writes, in turn, several times in one run. Polars once checks every row as
forewarn does (`checked`), once takes the four columns that counts need as they parse (`lean`). It counts whole records
at their cells; forewarn also spreads them as known, and closes its books. Printed are CPU seconds (user and system,
all threads), peak resident memory, and ratios pair by pair.
"""
import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

AS_OF = "2025-02-02"
QUESTION = "SELECT count(*) AS n, sum(incidents) AS incidents FROM cell_weeks"
WORDS = {
    "known_to": ["point", "village", "near", "commune", "district", "prefecture", "country"],
    "what": ["fighting with state forces", "fighting between groups", "attack on civilians", "sexual violence",
             "abduction", "looting", "cattle raid", "crop damage", "other event"],
    "by": ["armed group", "militia", "state", "other", "not said"],
    "checked": ["no", "yes", "not said"],
    "heard_from": ["resident", "partner", "patrol", "not said"],
}


def peer(csv, how):
    import numpy as np
    import polars as pl
    from h3ronpy.vector import coordinates_to_cells

    column = pl.col
    texts = {name: pl.String for name in ("day", "day_to", "told_on", "deaths", "lat", "lon", *WORDS, "ref")}
    rows = pl.scan_csv(csv, schema_overrides=texts, ignore_errors=True)
    place = [column(name).cast(pl.Float64, strict=False) for name in ("lat", "lon")]
    day = [column(name).str.to_date("%Y-%m-%d", strict=False) for name in ("day", "day_to", "told_on")]
    good = place[0].is_between(-90, 90) & place[1].is_between(-180, 180) & day[0].is_not_null()
    columns = ["day", "lat", "lon", "known_to"]
    if how == "checked":
        columns += ["ref", "day_to", "told_on", "deaths", *list(WORDS)[1:]]
        good &= column("ref").is_not_null() & ~((place[0] == 0) & (place[1] == 0))
        good &= column("day_to").is_null() | (day[1] >= day[0])
        good &= column("told_on").is_null() | day[2].is_not_null()
        good &= column("deaths").is_null() | column("deaths").cast(pl.UInt32, strict=False).is_not_null()
        for name, words in WORDS.items():
            good &= column(name).is_null() | column(name).is_in(words)
    rows = rows.select(columns).filter(good).select(place[0], place[1], day[0], "known_to").collect()
    cells = np.asarray(coordinates_to_cells(rows["lat"].to_numpy(), rows["lon"].to_numpy(), 5))
    week = column("day").dt.truncate("1w").alias("week")
    counts = rows.with_columns(pl.Series("cell", cells)).group_by("cell", week, "known_to").len()
    print(len(rows), len(counts.sort("cell", "week", "known_to")))


def measured(command):
    """CPU seconds, peak MB and last line of one finished process."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if status:
        sys.exit(f"{command[0]} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.splitlines()[-1].split()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--forewarn", required=True)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--work", type=Path, default=Path("bench-work"))
    options = options.parse_args()
    mission = options.work.resolve() / f"synth_{options.rows}"
    if not mission.exists():
        subprocess.run([options.forewarn, "synth", "--incidents", str(options.rows), "--out", mission], check=True)
    csv = next((mission / "inbox/incidents").glob("*.csv"))
    asked = [options.forewarn, "sql", str(mission), "--as-of", AS_OF, "--quiet"]
    commands = {
        "forewarn": [*asked, QUESTION],
        "forewarn, one thread": [*asked, QUESTION, "--threads", "1"],
        **{f"polars {how}": [sys.executable, __file__, "--peer", str(csv), how] for how in ("checked", "lean")},
    }
    (rejected,) = measured([*asked, "SELECT count(*) FROM rejections WHERE source = 'mapped'"])[2]
    rounds = [{name: measured(command) for name, command in commands.items()} for _ in range(options.repeat + 1)]
    rounds = rounds[1:]  # the first warms the page cache
    print(f"{options.rows} rows, {rejected} rejected, {rounds[0]['polars checked'][2][0]} taken by polars checked")

    def line(what, values):
        print(f"{what:<40} {statistics.median(values):8.2f} ({min(values):.2f}-{max(values):.2f})")

    for name in commands:
        line(f"{name}, CPU s", [found[name][0] for found in rounds])
        line(f"{name}, peak MB", [found[name][1] for found in rounds])
    for name in list(commands)[2:]:
        line(f"{name} / forewarn, CPU", [found[name][0] / found["forewarn, one thread"][0] for found in rounds])
        line(f"{name} / forewarn, memory", [found[name][1] / found["forewarn, one thread"][1] for found in rounds])


if sys.argv[1:2] == ["--peer"]:
    peer(sys.argv[2], sys.argv[3])
else:
    main()
