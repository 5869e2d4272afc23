-- Pairs of records, from two sources each, that tell of one event: same kind, no two actor classes, days that meet, places within the coarser precision.
-- Grain: one row per pair; with each other source a record is in one pair at most, the nearest in days, then in km, both ways.
-- Reads: incidents; $as_of, $exact, $town, $near (codes of place precision), $week (code of date precision).
-- Writes: Duplicates.
WITH placed AS (
  SELECT
    source, source_id, kind, actor_class, date_start, date_end, lat_deg, lon_deg,
    CAST(date_start AS INT) / 7 AS week,
    CASE place_precision WHEN $exact THEN 1.0 WHEN $town THEN 5.0 ELSE 25.0 END AS radius_km,
    -- The lower, the better known; a tie goes to the source that comes first by name.
    CAST(place_precision AS INT) * 100 + CAST(date_precision AS INT) * 10 - CAST(verification AS INT) AS doubt
  FROM incidents
  WHERE place_precision <= $near AND date_precision <= $week AND (known_at IS NULL OR known_at <= $as_of)
),
nearby AS (
  SELECT placed.*, week + shift AS near_week
  FROM placed CROSS JOIN (VALUES (-1), (0), (1)) AS shifts (shift)
),
pairs AS (
  SELECT
    a.source AS a_source, a.source_id AS a_id, b.source AS b_source, b.source_id AS b_id,
    a.doubt <= b.doubt AS keeps_a,
    CASE
      WHEN a.date_start < b.date_start THEN CAST(b.date_start AS INT) - CAST(a.date_start AS INT)
      ELSE CAST(a.date_start AS INT) - CAST(b.date_start AS INT)
    END AS days_apart,
    great_circle_km(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg) AS apart_km,
    GREATEST(a.radius_km, b.radius_km) AS radius_km
  FROM placed AS a
  JOIN nearby AS b ON a.kind = b.kind AND a.week = b.near_week
  WHERE a.source < b.source
    AND a.date_start <= b.date_end AND b.date_start <= a.date_end
    AND (a.actor_class = b.actor_class OR a.actor_class = 0 OR b.actor_class = 0)
),
ranked AS (
  SELECT
    pairs.*,
    ROW_NUMBER() OVER (PARTITION BY a_source, a_id, b_source ORDER BY days_apart, apart_km, b_id) AS a_rank,
    ROW_NUMBER() OVER (PARTITION BY b_source, b_id, a_source ORDER BY days_apart, apart_km, a_id) AS b_rank
  FROM pairs
  WHERE apart_km <= radius_km
)
SELECT
  CASE WHEN keeps_a THEN a_source ELSE b_source END AS kept_source,
  CASE WHEN keeps_a THEN a_id ELSE b_id END AS kept_id,
  CASE WHEN keeps_a THEN b_source ELSE a_source END AS merged_source,
  CASE WHEN keeps_a THEN b_id ELSE a_id END AS merged_id,
  days_apart,
  apart_km
FROM ranked
WHERE a_rank = 1 AND b_rank = 1
ORDER BY merged_source, merged_id, kept_source, kept_id
