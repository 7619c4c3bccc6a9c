-- Eén rij per plek: hoeveel mensen een stap zetten. Per stap telt iedereen één keer.
-- Going to another of our places is no leaving; why people left is told per year over all places.
SELECT r.level AS _level, r.code, r.label, r.kind, r.wijk,
       max(f.shown) FILTER (WHERE f.measure = 'coaching_offered') AS coaching_offered,
       max(f.shown) FILTER (WHERE f.measure = 'coaching_declined') AS coaching_declined,
       max(f.shown) FILTER (WHERE f.measure = 'coaching_started') AS coaching_started,
       max(f.shown) FILTER (WHERE f.measure = 'coaching_done') AS coaching_done,
       max(f.shown) FILTER (WHERE f.measure = 'course_started') AS course_started,
       max(f.shown) FILTER (WHERE f.measure = 'pilot') AS pilot,
       max(f.shown) FILTER (WHERE f.measure = 'paid_work_stays') AS paid_work_stays,
       max(f.shown) FILTER (WHERE f.measure = 'stopped') AS stopped,
       max(f.shown) FILTER (WHERE f.measure = 'doubtful') AS doubtful
  FROM shown r
  JOIN people_told f ON (f.result, f.level, f.key) = ('people/steps', r.level, r.key) AND f.now
 WHERE :place IS NULL OR r.code = :place
 GROUP BY r.position
 ORDER BY r.position
