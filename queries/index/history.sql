-- Whole incidents by the cell and day they are told of, as far back as reports go: what forecasts learn from.
-- Grain: one row per (analysis cell of the point, first day, day it became known, place precision, actor class, who brought the report).
-- Reads: incidents; $kinds (bit set of kind codes), $place (coarsest place precision), $date (coarsest date precision), $resolution, $as_of, $first_day.
-- Writes: CellDays.
SELECT
  -- The cell of the point itself: what came is judged by others, who know no finer index.
  h3_cell(lat_deg, lon_deg, $resolution) AS cell,
  date_start AS day,
  known_at AS known_day,
  place_precision, actor_class, discovered_by,
  COUNT(*) AS n
FROM incidents
WHERE (known_at IS NULL OR known_at <= $as_of)
  AND date_start <= $as_of
  AND date_start >= $first_day
  AND ($kinds & (1 << CAST(kind AS INT))) <> 0
  AND place_precision <= $place
  AND date_precision <= $date
GROUP BY cell, day, known_day, place_precision, actor_class, discovered_by
ORDER BY cell, day, known_day, place_precision, actor_class, discovered_by
