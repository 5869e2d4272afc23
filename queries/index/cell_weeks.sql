-- Incidents known finer than to an area, per cell and ISO week: every anchor's count, spread over its cells and weeks in whole parts.
-- Grain: one row per (cell, week) that at least one incident reaches.
-- Reads: anchors, support_cells, support_weeks.
-- Writes: CellWeeks.
SELECT
  c.cell AS cell,
  w.week AS week,
  COALESCE(SUM(a.n * c.parts * w.parts), 0) AS incidents_e12,
  COALESCE(SUM(a.n * c.located_parts * w.parts), 0) AS located_e12,
  -- No later than the week's Sunday: what lasts until a day to come is no report from the future.
  CAST(CAST(COALESCE(MAX(LEAST(a.latest_day, w.week * 7 + 3)), 0) AS INT) AS DATE) AS last_day,
  -- Days are of points only, whose one cell is their anchor.
  CAST(COALESCE(BIT_OR(a.days), 0) AS TINYINT UNSIGNED) AS days
FROM anchors AS a
JOIN support_cells AS c ON c.anchor = a.anchor AND c.place_precision = a.place_precision
JOIN support_weeks AS w ON w.first_day = a.first_day AND w.last_day = a.last_day
GROUP BY c.cell, w.week
ORDER BY c.cell, w.week
