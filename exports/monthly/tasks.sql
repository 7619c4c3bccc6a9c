-- Eén rij per plek: hoeveel uur deelnemers aan elke taak werkten. Drie mensen twee uur is zes uur.
-- A task that was added to the form and has no column here counts under `unlisted`.
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
   WHERE e.form_id = 'attendance' AND e.date BETWEEN :from AND :until
   GROUP BY s.level, s.key
),
tally AS (
  SELECT s.level, s.key, sum(hours) AS total,
         coalesce(sum(hours) FILTER (WHERE task = 'green'), 0) AS green,
         coalesce(sum(hours) FILTER (WHERE task = 'litter'), 0) AS litter,
         coalesce(sum(hours) FILTER (WHERE task = 'bulky_waste'), 0) AS bulky_waste,
         coalesce(sum(hours) FILTER (WHERE task = 'repairs'), 0) AS repairs,
         coalesce(sum(hours) FILTER (WHERE task = 'painting'), 0) AS painting,
         coalesce(sum(hours) FILTER (WHERE task = 'squares'), 0) AS squares,
         coalesce(sum(hours) FILTER (WHERE task = 'neighbour_help'), 0) AS neighbour_help,
         coalesce(sum(hours) FILTER (WHERE task = 'food'), 0) AS food,
         coalesce(sum(hours) FILTER (WHERE task = 'reuse'), 0) AS reuse,
         coalesce(sum(hours) FILTER (WHERE task = 'host'), 0) AS host,
         coalesce(sum(hours) FILTER (WHERE task = 'making'), 0) AS making,
         coalesce(sum(hours) FILTER (WHERE task = 'office_work'), 0) AS office_work,
         coalesce(sum(hours) FILTER (WHERE task = 'learning'), 0) AS learning,
         coalesce(sum(hours) FILTER (WHERE task = 'other'), 0) AS other,
         coalesce(sum(hours) FILTER (
           WHERE task IS NULL OR task NOT IN (
             'green', 'litter', 'bulky_waste', 'repairs', 'painting',
             'squares', 'neighbour_help', 'food', 'reuse', 'host', 'making',
             'office_work', 'learning', 'other')), 0) AS unlisted
    FROM scope s JOIN seen USING (place)
   WHERE role = 'participant' AND date BETWEEN :from AND :until
   GROUP BY s.level, s.key
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       CASE WHEN t.total > 0 THEN t.green
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS green,
       CASE WHEN t.total > 0 THEN t.litter
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS litter,
       CASE WHEN t.total > 0 THEN t.bulky_waste
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS bulky_waste,
       CASE WHEN t.total > 0 THEN t.repairs
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS repairs,
       CASE WHEN t.total > 0 THEN t.painting
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS painting,
       CASE WHEN t.total > 0 THEN t.squares
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS squares,
       CASE WHEN t.total > 0 THEN t.neighbour_help
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS neighbour_help,
       CASE WHEN t.total > 0 THEN t.food
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS food,
       CASE WHEN t.total > 0 THEN t.reuse
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS reuse,
       CASE WHEN t.total > 0 THEN t.host
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS host,
       CASE WHEN t.total > 0 THEN t.making
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS making,
       CASE WHEN t.total > 0 THEN t.office_work
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS office_work,
       CASE WHEN t.total > 0 THEN t.learning
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS learning,
       CASE WHEN t.total > 0 THEN t.other
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS other,
       CASE WHEN t.total > 0 THEN t.unlisted
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS unlisted,
       CASE WHEN t.total > 0 THEN t.total
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS total
  FROM shown r
  LEFT JOIN tally t USING (level, key)
  LEFT JOIN came e USING (level, key)
 ORDER BY r.first, r.then_by
