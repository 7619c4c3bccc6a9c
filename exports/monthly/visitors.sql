-- Eén rij per plek: de bezoeken per dagdeel. Wie twee keer komt, is twee bezoeken.
-- A daypart that was not counted has a record without a number: it counts as received, not as 0.
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
came AS (
  SELECT s.level, s.key, count(*) AS expected, sum(e.received) AS received
    FROM scope s JOIN expected e USING (place)
   WHERE e.form_id = 'visitors' AND e.date BETWEEN :from AND :until
   GROUP BY s.level, s.key
),
tally AS (
  SELECT s.level, s.key, count(*) AS records, count(visitors) AS counted,
         sum(visitors) FILTER (WHERE daypart = 'morning') AS morning,
         sum(visitors) FILTER (WHERE daypart = 'afternoon') AS afternoon,
         sum(visitors) FILTER (WHERE daypart = 'evening') AS evening,
         sum(visitors) AS visits, sum(new_visitors) AS new_visitors,
         count(visitors) FILTER (WHERE daypart = 'morning') AS counted_morning,
         count(visitors) FILTER (WHERE daypart = 'afternoon') AS counted_afternoon,
         count(visitors) FILTER (WHERE daypart = 'evening') AS counted_evening
    FROM scope s JOIN visitors USING (place)
   WHERE date BETWEEN :from AND :until
   GROUP BY s.level, s.key
),
due AS (
  SELECT s.level, s.key, e.daypart
    FROM scope s JOIN expected e USING (place)
   WHERE e.form_id = 'visitors' AND e.date BETWEEN :from AND :until
   GROUP BY s.level, s.key, e.daypart
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       CASE WHEN t.counted_morning > 0 THEN t.morning
            WHEN 'morning' IN (
              SELECT daypart FROM due WHERE due.level = r.level AND due.key = r.key)
            THEN NULL ELSE 'n.v.t.' END AS morning,
       CASE WHEN t.counted_afternoon > 0 THEN t.afternoon
            WHEN 'afternoon' IN (
              SELECT daypart FROM due WHERE due.level = r.level AND due.key = r.key)
            THEN NULL ELSE 'n.v.t.' END AS afternoon,
       CASE WHEN t.counted_evening > 0 THEN t.evening
            WHEN 'evening' IN (
              SELECT daypart FROM due WHERE due.level = r.level AND due.key = r.key)
            THEN NULL ELSE 'n.v.t.' END AS evening,
       CASE WHEN t.counted > 0 THEN t.visits WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END
         AS visits,
       CASE WHEN t.counted > 0 THEN t.new_visitors WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END
         AS new_visitors,
       CASE WHEN t.counted > 0 THEN 1.0 * t.visits / t.counted
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS average,
       CASE WHEN t.records > 0 THEN t.counted_morning
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS counted_morning,
       CASE WHEN t.records > 0 THEN t.counted_afternoon
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS counted_afternoon,
       CASE WHEN t.records > 0 THEN t.counted_evening
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS counted_evening,
       CASE WHEN t.records > 0 THEN t.counted WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END
         AS counted,
       CASE WHEN e.expected > 0 THEN e.expected ELSE 'n.v.t.' END AS expected
  FROM shown r
  LEFT JOIN tally t USING (level, key)
  LEFT JOIN came e USING (level, key)
 ORDER BY r.first, r.then_by
