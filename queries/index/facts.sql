-- Incidents of every kind by what they are, of those known well enough to be set beside each other.
-- Grain: one row per (analysis cell, ISO week of the first day, kind, actor class, who brought the report).
-- Reads: incidents; $coarsest (coarsest precision that names a neighbourhood), $longest_days, $resolution, $index_resolution, $as_of, $first_day.
-- Writes: CellFacts.
WITH known AS (
  SELECT
    h3_parent(h3_cell(lat_deg, lon_deg, $index_resolution), $resolution) AS cell,
    CAST(date_start AS INT) AS first_day, CAST(date_end AS INT) AS last_day,
    kind, actor_class, discovered_by
  FROM incidents
  WHERE (known_at IS NULL OR known_at <= $as_of)
    AND place_precision <= $coarsest
    AND date_end >= $first_day
    AND date_end <= $as_of
)
SELECT
  -- Day 0 was a Thursday, so that day + 3 is a multiple of 7 on Mondays.
  cell, CAST((first_day + 3) / 7 AS INT) AS week,
  kind, actor_class, discovered_by,
  CAST(COALESCE(MAX(last_day), 0) AS DATE) AS last_day,
  COUNT(*) AS n
FROM known
WHERE last_day - first_day < $longest_days
GROUP BY cell, 2, kind, actor_class, discovered_by
ORDER BY cell, week, kind, actor_class, discovered_by
