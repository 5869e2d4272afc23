-- Incidents counted by where and when they are known to be: the only statement that reads every record.
-- Grain: one row per (fate, anchor cell, place precision, first day, last day); uncounted fates have no anchor.
-- Reads: incidents; $kinds (bit set of kind codes), $town (coarsest precision that is a point), $resolution, $index_resolution, $as_of, $first_day, $last_day.
-- Writes: Anchors.
WITH fated AS (
  -- Fate 0 is counted; 1 is no outcome; 2 was not known yet; 3 is older than the history; 4 is still arriving.
  SELECT
    CASE
      WHEN known_at > $as_of OR date_start > $as_of THEN 2
      WHEN ($kinds & (1 << CAST(kind AS INT))) = 0 THEN 1
      WHEN date_end < $first_day THEN 3
      WHEN date_start > $last_day THEN 4
      ELSE 0
    END AS fate,
    lat_deg, lon_deg, place_precision,
    CAST(date_start AS INT) AS first_day, CAST(date_end AS INT) AS last_day
  FROM incidents
),
anchored AS (
  -- A point is indexed once, finely; what is known to a point rolls up to its analysis cell.
  -- Days of one ISO week (day + 3 is a multiple of 7 on Mondays) need not be told apart: they become its Monday.
  SELECT
    fate,
    CASE
      WHEN fate <> 0 THEN NULL
      WHEN place_precision <= $town THEN h3_parent(h3_cell(lat_deg, lon_deg, $index_resolution), $resolution)
      ELSE h3_cell(lat_deg, lon_deg, $index_resolution)
    END AS anchor,
    CASE WHEN fate = 0 THEN place_precision END AS place_precision,
    CASE
      WHEN fate <> 0 THEN NULL
      WHEN (first_day + 3) / 7 = (last_day + 3) / 7 THEN (first_day + 3) / 7 * 7 - 3
      ELSE first_day
    END AS first_day,
    CASE
      WHEN fate <> 0 THEN NULL
      WHEN (first_day + 3) / 7 = (last_day + 3) / 7 THEN (first_day + 3) / 7 * 7 - 3
      ELSE last_day
    END AS last_day,
    CASE WHEN fate = 0 THEN last_day END AS latest_day
  FROM fated
)
SELECT
  CAST(fate AS TINYINT UNSIGNED) AS fate,
  anchor,
  place_precision,
  CAST(first_day AS INT) AS first_day,
  CAST(last_day AS INT) AS last_day,
  CAST(MAX(latest_day) AS INT) AS latest_day,
  COUNT(*) AS n
FROM anchored
GROUP BY fate, anchor, place_precision, first_day, last_day
ORDER BY fate, anchor, place_precision, first_day, last_day
