-- Counted incidents by where and when they are known to be: the only statement that indexes every record.
-- Grain: one row per (anchor cell, place precision, first day, last day).
-- Reads: incidents, middle_cells; $points_apart (whether every point keeps its index cell), $kinds (bit set of kind codes), $town (coarsest precision that is a point), $resolution, $index_resolution, $as_of, $first_day, $last_day.
-- Writes: Anchors.
WITH indexed AS (
  -- Fate 0 of index/fates. Every place is indexed once, finely.
  SELECT
    h3_cell(lat_deg, lon_deg, $index_resolution) AS index_cell,
    place_precision,
    CAST(date_start AS INT) AS first_day, CAST(date_end AS INT) AS last_day
  FROM incidents
  WHERE (known_at IS NULL OR known_at <= $as_of)
    AND date_start <= $as_of
    AND ($kinds & (1 << CAST(kind AS INT))) <> 0
    AND date_end >= $first_day
    AND date_start <= $last_day
),
anchored AS (
  -- What is known to a point rolls up to its analysis cell, but for points on the middle of an area: they may stand for all of it.
  -- Days of one ISO week (day + 3 is a multiple of 7 on Mondays) need not be told apart: they become its Monday.
  SELECT
    CASE WHEN place_precision <= $town AND m.cell IS NULL AND NOT $points_apart THEN h3_parent(index_cell, $resolution) ELSE index_cell END AS anchor,
    place_precision,
    CASE WHEN (first_day + 3) / 7 = (last_day + 3) / 7 THEN (first_day + 3) / 7 * 7 - 3 ELSE first_day END AS first_day,
    CASE WHEN (first_day + 3) / 7 = (last_day + 3) / 7 THEN (first_day + 3) / 7 * 7 - 3 ELSE last_day END AS last_day,
    last_day AS latest_day,
    -- A bit for the day of the week, of a point that is known to the day.
    CASE WHEN first_day = last_day AND place_precision <= $town THEN 1 << ((first_day + 3) % 7) ELSE 0 END AS days
  FROM indexed
  LEFT JOIN middle_cells AS m ON m.cell = indexed.index_cell
)
SELECT
  anchor,
  place_precision,
  CAST(first_day AS INT) AS first_day,
  CAST(last_day AS INT) AS last_day,
  CAST(COALESCE(MAX(latest_day), 0) AS INT) AS latest_day,
  CAST(COALESCE(BIT_OR(days), 0) AS TINYINT UNSIGNED) AS days,
  COUNT(*) AS n
FROM anchored
GROUP BY anchor, place_precision, first_day, last_day
ORDER BY anchor, place_precision, first_day, last_day
