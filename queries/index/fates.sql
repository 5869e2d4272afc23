-- Incidents counted by what becomes of them before their place is looked at.
-- Grain: one row per fate that occurs: 0 counted, 1 no outcome, 2 not known yet, 3 older than the history, 4 still arriving.
-- Reads: incidents; $kinds (bit set of kind codes), $as_of, $first_day, $last_day.
-- Writes: Fates.
WITH fated AS (
  SELECT
    CASE
      WHEN known_at > $as_of OR date_start > $as_of THEN 2
      WHEN ($kinds & (1 << CAST(kind AS INT))) = 0 THEN 1
      WHEN date_end < $first_day THEN 3
      WHEN date_start > $last_day THEN 4
      ELSE 0
    END AS fate
  FROM incidents
)
SELECT
  CAST(fate AS TINYINT UNSIGNED) AS fate,
  COUNT(*) AS n
FROM fated
GROUP BY fate
ORDER BY fate
