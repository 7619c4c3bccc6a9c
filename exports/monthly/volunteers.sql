-- Eén rij per plek: de vrijwilligers die er waren. Iedereen telt één keer, ook in een totaal.
-- Somebody is new in the period in which their first time as a volunteer in this row begins.
-- Going to another of our places is no leaving. An allowance counts in the month it is of.
WITH worked AS (
  SELECT s.level, s.key, sum(n.hours) AS hours
    FROM scope s JOIN seen n USING (place)
   WHERE n.role = 'volunteer' AND n.date BETWEEN :from AND :until
   GROUP BY s.level, s.key
)
SELECT r.level AS _level, r.code, r.label, r.kind, r.wijk,
       max(f.shown) FILTER (WHERE f.measure = '' AND f.now) AS period,
       max(f.doubtful) FILTER (WHERE f.measure = '' AND f.now) AS period_double,
       max(f.shown) FILTER (WHERE f.measure = '' AND f.year) AS year,
       max(f.doubtful) FILTER (WHERE f.measure = '' AND f.year) AS year_double,
       max(f.shown) FILTER (WHERE f.measure = '' AND f.deal) AS deal,
       max(f.doubtful) FILTER (WHERE f.measure = '' AND f.deal) AS deal_double,
       max(f.shown) FILTER (WHERE f.measure = 'started' AND f.now) AS started,
       max(f.shown) FILTER (WHERE f.measure = 'stopped' AND f.now) AS stopped,
       told(w.hours, w.hours IS NOT NULL, e.expected) AS hours,
       max(f.shown) FILTER (WHERE f.measure = 'allowance' AND f.now) AS allowance,
       max(f.doubtful) FILTER (WHERE f.measure = 'allowance' AND f.now) AS allowance_double,
       max(f.shown) FILTER (WHERE f.measure = 'allowance' AND f.year) AS allowance_year,
       max(f.doubtful) FILTER (WHERE f.measure = 'allowance' AND f.year) AS allowance_year_double
  FROM shown r
  JOIN people_told f ON (f.result, f.level, f.key) = ('people/volunteers', r.level, r.key)
  LEFT JOIN worked w USING (level, key)
  LEFT JOIN due e ON (e.level, e.key, e.form_id) = (r.level, r.key, 'volunteer_hours')
 WHERE :place IS NULL OR r.code = :place
 GROUP BY r.position
 ORDER BY r.position
