-- Incidents known to an area and no finer, per area and ISO week, spread over their weeks in whole parts.
-- Grain: one row per (area, week) that at least one of them reaches.
-- Reads: anchors, anchor_areas, support_weeks.
-- Writes: AreaWeekRows.
SELECT
  s.area AS area,
  w.week AS week,
  COALESCE(SUM(a.n * w.parts), 0) AS incidents_e6
FROM anchors AS a
JOIN anchor_areas AS s ON s.anchor = a.anchor AND s.place_precision = a.place_precision
JOIN support_weeks AS w ON w.first_day = a.first_day AND w.last_day = a.last_day
GROUP BY s.area, w.week
ORDER BY s.area, w.week
