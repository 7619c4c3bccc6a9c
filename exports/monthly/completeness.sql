-- Eén rij per plek: welk deel van wat wij verwachtten er is binnengekomen.
-- Closed days expect nothing. Forms without a column here do count in expected and received.
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
due AS (
  SELECT s.level, s.key, e.form_id, count(*) AS expected, sum(e.received) AS received
    FROM scope s JOIN expected e USING (place)
   WHERE e.date BETWEEN :from AND :until
   GROUP BY s.level, s.key, e.form_id
),
tally AS (
  SELECT level, key, sum(expected) AS expected, sum(received) AS received,
         1.0 * sum(received) FILTER (WHERE form_id = 'opening')
           / sum(expected) FILTER (WHERE form_id = 'opening') AS opening,
         1.0 * sum(received) FILTER (WHERE form_id = 'visitors')
           / sum(expected) FILTER (WHERE form_id = 'visitors') AS visitors,
         1.0 * sum(received) FILTER (WHERE form_id = 'volunteer_hours')
           / sum(expected) FILTER (WHERE form_id = 'volunteer_hours') AS volunteer_hours,
         1.0 * sum(received) FILTER (WHERE form_id = 'attendance')
           / sum(expected) FILTER (WHERE form_id = 'attendance') AS attendance
    FROM due
   GROUP BY level, key
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       coalesce(t.expected, 0) AS expected,
       CASE WHEN t.expected > 0 THEN t.received ELSE 'n.v.t.' END AS received,
       CASE WHEN t.expected > 0 THEN 1.0 * t.received / t.expected ELSE 'n.v.t.' END AS complete,
       coalesce(t.opening, 'n.v.t.') AS opening,
       coalesce(t.visitors, 'n.v.t.') AS visitors,
       coalesce(t.volunteer_hours, 'n.v.t.') AS volunteer_hours,
       coalesce(t.attendance, 'n.v.t.') AS attendance
  FROM shown r
  LEFT JOIN tally t USING (level, key)
 ORDER BY r.first, r.then_by
