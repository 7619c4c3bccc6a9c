-- Eén rij per plek: hoeveel mensen een stap zetten. Per stap telt iedereen één keer.
-- Going to another of our places is no leaving; why people left is told per year over all places.
WITH tally AS (
  SELECT s.level, s.key, t.person, t.step, t.left_reason, d.person AS doubtful
    FROM scope s JOIN steps t USING (place) LEFT JOIN doubtful d USING (person)
   WHERE t.date BETWEEN :from AND :until
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       count(DISTINCT t.person) FILTER (WHERE t.step = 'coaching_offered') AS coaching_offered,
       count(DISTINCT t.person) FILTER (WHERE t.step = 'coaching_declined') AS coaching_declined,
       count(DISTINCT t.person) FILTER (WHERE t.step = 'coaching_started') AS coaching_started,
       count(DISTINCT t.person) FILTER (WHERE t.step = 'coaching_done') AS coaching_done,
       count(DISTINCT t.person) FILTER (WHERE t.step = 'course_started') AS course_started,
       count(DISTINCT t.person) FILTER (WHERE t.step = 'pilot') AS pilot,
       count(DISTINCT t.person) FILTER (WHERE t.step = 'paid_work_stays') AS paid_work_stays,
       count(DISTINCT t.person) FILTER (
         WHERE t.step = 'left' AND coalesce(t.left_reason, '') <> 'other_place') AS stopped,
       count(DISTINCT t.doubtful) AS doubtful
  FROM shown r
  LEFT JOIN tally t USING (level, key)
 WHERE :place IS NULL OR r.code = :place
 GROUP BY r.position
 ORDER BY r.position
