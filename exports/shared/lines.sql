-- Eén rij per periode, regel van een resultaat en plek die daarin meetelt.
-- Each wijk and the total also have a row without a place: they are there when no place is.
-- `active` is whether the place took part in the period, `present` whether it did on the last day.
WITH covered AS (
  SELECT s.level, s.key, s.place, p.kind, p.wijk, p.cohort_14 = 'OK' AS cohort,
         coalesce(p.active_from, '') AS first,
         coalesce(nullif(p.active_until, ''), '9999') AS last
    FROM scope s JOIN places p ON p.name = s.place
   UNION ALL
  SELECT 'wijk', name, NULL, NULL, name, NULL, '9999', ''
    FROM choices WHERE form_id = 'place' AND list_name = 'wijk'
   UNION ALL
  SELECT 'total', '', NULL, NULL, NULL, NULL, '9999', ''
)
SELECT p.period, p.kind AS span, p.since, p.until, c.level, c.key, c.place, c.kind, c.wijk,
       coalesce(c.cohort, 0) AS cohort,
       c.first <= p.until AND c.last >= p.since AS active,
       p.until BETWEEN c.first AND c.last AS present
  FROM periods p CROSS JOIN covered c
