-- Eén rij per plek: hoeveel mensen een stap zetten. Per stap telt iedereen één keer.
-- Going to another of our places is no leaving; why people left is told per year over all places.
WITH active AS (
  SELECT p.name, p.label, p.kind, p.wijk, coalesce(k.label, p.kind) AS kind_label,
         coalesce(w.label, p.wijk) AS wijk_label, k.position AS kind_order, w.position AS wijk_order
    FROM places p
    LEFT JOIN choices k ON k.form_id = 'place' AND k.list_name = 'kind' AND k.name = p.kind
    LEFT JOIN choices w ON w.form_id = 'place' AND w.list_name = 'wijk' AND w.name = p.wijk
   WHERE coalesce(p.active_from, '') <= :until
     AND coalesce(nullif(p.active_until, ''), '9999') >= :from
     AND (:place IS NULL OR p.name = :place)
),
shown AS (  -- the rows of this sheet: every place, every wijk, all of them
  SELECT 'place' AS level, name AS key, name AS code, label, kind_label AS kind,
         wijk_label AS wijk, wijk AS part_of, kind_order AS first, name AS then_by
    FROM active
   UNION ALL
  SELECT DISTINCT 'wijk', wijk, '', wijk_label || ' totaal', '', wijk_label, wijk, wijk_order, ''
    FROM active WHERE :place IS NULL
   UNION ALL
  SELECT DISTINCT 'total', '', '', 'Zuidwest totaal', '', '', '', 0, ''
    FROM active WHERE :place IS NULL
),
scope AS (  -- which places each row covers; a place that has stopped still counts in totals
  SELECT level, key, key AS place FROM shown WHERE level = 'place'
   UNION ALL
  SELECT s.level, s.key, p.name FROM shown s JOIN places p ON s.level = 'wijk' AND p.wijk = s.key
   UNION ALL
  SELECT s.level, s.key, p.name FROM shown s JOIN places p ON s.level = 'total'
),
tally AS (
  SELECT s.level, s.key,
         count(DISTINCT person) FILTER (WHERE step = 'coaching_offered') AS coaching_offered,
         count(DISTINCT person) FILTER (WHERE step = 'coaching_declined') AS coaching_declined,
         count(DISTINCT person) FILTER (WHERE step = 'coaching_started') AS coaching_started,
         count(DISTINCT person) FILTER (WHERE step = 'coaching_done') AS coaching_done,
         count(DISTINCT person) FILTER (WHERE step = 'course_started') AS course_started,
         count(DISTINCT person) FILTER (WHERE step = 'pilot') AS pilot,
         count(DISTINCT person) FILTER (WHERE step = 'paid_work_stays') AS paid_work_stays,
         count(DISTINCT person) FILTER (
           WHERE step = 'left' AND coalesce(left_reason, '') <> 'other_place') AS stopped,
         count(DISTINCT person) FILTER (WHERE person IN (
           SELECT person FROM memberships WHERE possibly_double = 1)) AS doubtful
    FROM scope s JOIN steps USING (place)
   WHERE date BETWEEN :from AND :until
   GROUP BY s.level, s.key
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       coalesce(t.coaching_offered, 0) AS coaching_offered,
       coalesce(t.coaching_declined, 0) AS coaching_declined,
       coalesce(t.coaching_started, 0) AS coaching_started,
       coalesce(t.coaching_done, 0) AS coaching_done,
       coalesce(t.course_started, 0) AS course_started,
       coalesce(t.pilot, 0) AS pilot,
       coalesce(t.paid_work_stays, 0) AS paid_work_stays,
       coalesce(t.stopped, 0) AS stopped,
       coalesce(t.doubtful, 0) AS doubtful
  FROM shown r
  LEFT JOIN tally t USING (level, key)
 ORDER BY r.first, r.then_by
