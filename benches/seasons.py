"""Which first-level areas have a season that forecasts, on real data: `python benches/seasons.py --forewarn PROGRAM --seasons PROGRAM`, with the data folder
in $FOREWARN_DATA. Counts incidents by area and month through `forewarn sql`, finds each area's onset of the rains, and hands the months to `seasons`.
Needs pandas and pyarrow."""
import argparse
import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pandas as pd

PROJECT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ["FOREWARN_DATA"])
FIRST_YEAR = 2007  # of the rain
CLIMATE = range(2007, 2010)  # years before the first test year, from which the rule of onset is made
LAST_YEAR = {"caf": 2022, "ssd": 2021}
FIRST_COUNTED = {"caf": 2007, "ssd": 2012}  # first whole year
ONSET_SHARE = .1  # of a mean year's rain, summed since the driest month


def ask(program, mission, statement):
    done = subprocess.run([program, "sql", mission, "--csv", "--max-rows", "1000000", statement], capture_output=True, check=True, text=True)
    return pd.read_csv(io.StringIO(done.stdout))


def rains(cells):
    """Month of the season that the rain begins, by area and month: 0 is the month of onset, 11 stays until the next."""
    cells["priogrid_gid"] = (2 * (cells.lat_deg + 90)).astype(int) * 720 + (2 * (cells.lon_deg + 180)).astype(int) + 1
    rain = pd.read_parquet(DATA / "covariates/chirps_monthly_priogrid_2007-2023.parquet")
    rain = cells.merge(rain, on="priogrid_gid")
    rain["volume"] = rain.rain_mm * rain.area_km2
    rain = rain.groupby(["admin1_pcode", "year", "month"])[["volume", "area_km2"]].sum()
    rain = (rain.volume / rain.area_km2).rename("mm").reset_index()
    season = {}
    for area, months in rain.groupby("admin1_pcode"):
        months = months.sort_values(["year", "month"])
        climate = months[months.year.isin(CLIMATE)].groupby("month").mm.mean()
        driest, least = climate.idxmin(), ONSET_SHARE * climate.sum()
        since, summed, seen = None, 0., True
        for row in months.itertuples():
            if row.month == driest:
                summed, seen = 0., False
            summed += row.mm
            since = None if since is None else since + 1
            if not seen and summed >= least:
                seen, since = True, 0
            # Before the first onset that was seen: as if the rains of the year before had been on time.
            season[area, row.year, row.month] = min(since, 11) if since is not None else (row.month - driest - 2) % 12
    return season


def months(program, country):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(PROJECT / "fixtures/missions" / country / "mission.toml", folder)
        settings = (Path(folder) / "mission.toml").read_text()
        kinds = settings[settings.index("kinds = [") + 9:]
        kinds = kinds[:kinds.index("]")].replace('"', "'").strip().rstrip(",")
        counts = ask(program, folder, f"""
            SELECT admin1_pcode, CAST(date_part('year', date_start) AS INT) AS year, CAST(date_part('month', date_start) AS INT) AS month, count(*) AS n
            FROM incidents WHERE source = 'ucdp_ged' AND admin1_pcode IS NOT NULL AND date_end - date_start <= 31 AND kind IN ({kinds})
            GROUP BY 1, 2, 3""")
        areas = ask(program, folder, "SELECT pcode, name, area_km2 FROM areas WHERE level = 1 ORDER BY pcode")
        cells = ask(program, folder, "SELECT admin1_pcode, lat_deg, lon_deg, area_km2 FROM cells WHERE admin1_pcode IS NOT NULL")
    season = rains(cells)
    counts = counts.set_index(["admin1_pcode", "year", "month"]).n
    for area in areas.itertuples():
        for year in range(FIRST_COUNTED[country], LAST_YEAR[country] + 1):
            for month in range(1, 13):
                at = area.pcode, year, month
                yield "\t".join(map(str, (area.pcode, area.name, area.area_km2, year, month - 1, season.get(at, month - 1), counts.get(at, 0))))


parser = argparse.ArgumentParser()
parser.add_argument("--forewarn", required=True)
parser.add_argument("--seasons", required=True)
given = parser.parse_args()
for country in LAST_YEAR:
    print(f"\n## {country}", flush=True)
    subprocess.run([given.seasons], input="\n".join(months(given.forewarn, country)) + "\n", text=True, check=True)
