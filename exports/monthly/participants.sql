-- Eén rij per plek: de deelnemers die er waren. Iedereen telt één keer, ook in een totaal.
-- In a pilot and distance to the labour market are of those seen in the period.
WITH worked AS (
  SELECT s.level, s.key, sum(n.hours) AS hours,
         total(n.hours) FILTER (WHERE n.task IN (
           SELECT name FROM choices
            WHERE form_id = 'attendance' AND list_name = 'task'
              AND coalesce(liveability, 'y') <> 'n')) AS useful
    FROM scope s JOIN seen n USING (place)
   WHERE n.role = 'participant' AND n.date BETWEEN :from AND :until
   GROUP BY s.level, s.key
)
SELECT r.level AS _level, r.code, r.label, r.kind, r.wijk,
       max(f.shown) FILTER (WHERE f.measure = '' AND f.now) AS period,
       max(f.doubtful) FILTER (WHERE f.measure = '' AND f.now) AS period_double,
       max(f.shown) FILTER (WHERE f.measure = '' AND f.year) AS year,
       max(f.doubtful) FILTER (WHERE f.measure = '' AND f.year) AS year_double,
       max(f.shown) FILTER (WHERE f.measure = '' AND f.deal) AS deal,
       max(f.doubtful) FILTER (WHERE f.measure = '' AND f.deal) AS deal_double,
       max(f.shown) FILTER (WHERE f.measure = 'in_pilot' AND f.now) AS in_pilot,
       max(f.shown) FILTER (WHERE f.measure = 'distance' AND f.now) AS distance,
       max(f.shown) FILTER (WHERE f.measure = 'useful' AND f.year) AS useful_year,
       told(w.hours, w.hours IS NOT NULL, e.expected) AS hours,
       told(w.useful, w.hours IS NOT NULL, e.expected) AS hours_useful
  FROM shown r
  JOIN people_told f ON (f.result, f.level, f.key) = ('people/participants', r.level, r.key)
  LEFT JOIN worked w USING (level, key)
  LEFT JOIN due e ON (e.level, e.key, e.form_id) = (r.level, r.key, 'attendance')
 WHERE :place IS NULL OR r.code = :place
 GROUP BY r.position
 ORDER BY r.position
