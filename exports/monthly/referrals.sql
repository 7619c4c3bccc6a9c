-- Eén rij per plek: hoe vaak bezoekers werden doorverwezen. Per maand alleen het totaal.
-- By place only over a quarter or longer: one month of one place would say too much of few people.
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
  SELECT s.level, s.key,
         sum(ref_police) AS police,
         sum(ref_mental_health) AS mental_health,
         sum(ref_housing) AS housing,
         sum(ref_money) AS money,
         sum(ref_municipality) AS municipality,
         sum(ref_work_school) AS work_school,
         sum(ref_care) AS care,
         sum(ref_neighbours) AS neighbours,
         sum(ref_other) AS other,
         sum(coalesce(ref_police, 0)
           + coalesce(ref_mental_health, 0)
           + coalesce(ref_housing, 0)
           + coalesce(ref_money, 0)
           + coalesce(ref_municipality, 0)
           + coalesce(ref_work_school, 0)
           + coalesce(ref_care, 0)
           + coalesce(ref_neighbours, 0)
           + coalesce(ref_other, 0)) AS total,
         count(coalesce(ref_police, ref_mental_health, ref_housing,
           ref_money, ref_municipality, ref_work_school,
           ref_care, ref_neighbours, ref_other)) AS answers
    FROM scope s JOIN visitors USING (place)
   WHERE date BETWEEN :from AND :until
   GROUP BY s.level, s.key
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       CASE WHEN t.answers > 0 THEN t.police
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS police,
       CASE WHEN t.answers > 0 THEN t.mental_health
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS mental_health,
       CASE WHEN t.answers > 0 THEN t.housing
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS housing,
       CASE WHEN t.answers > 0 THEN t.money
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS money,
       CASE WHEN t.answers > 0 THEN t.municipality
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS municipality,
       CASE WHEN t.answers > 0 THEN t.work_school
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS work_school,
       CASE WHEN t.answers > 0 THEN t.care
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS care,
       CASE WHEN t.answers > 0 THEN t.neighbours
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS neighbours,
       CASE WHEN t.answers > 0 THEN t.other
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS other,
       CASE WHEN t.answers > 0 THEN t.total
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS total
  FROM shown r
  LEFT JOIN tally t USING (level, key)
  LEFT JOIN came e USING (level, key)
 WHERE r.level = 'total' OR julianday(:until) - julianday(:from) > 80
 ORDER BY r.first, r.then_by
