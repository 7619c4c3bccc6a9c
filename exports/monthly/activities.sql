-- Eén rij per plek: in hoeveel dagdelen een activiteit er was, nooit een aantal activiteiten.
-- An activity that was added to the form and has no column here counts under `unlisted`.
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
  SELECT s.level, s.key, count(DISTINCT v._id) AS dayparts,
         count(*) FILTER (WHERE a.value = 'drop_in') AS drop_in,
         count(*) FILTER (WHERE a.value = 'meal') AS meal,
         count(*) FILTER (WHERE a.value = 'creative') AS creative,
         count(*) FILTER (WHERE a.value = 'exercise') AS exercise,
         count(*) FILTER (WHERE a.value = 'language') AS language,
         count(*) FILTER (WHERE a.value = 'language_childcare') AS language_childcare,
         count(*) FILTER (WHERE a.value = 'digital_help') AS digital_help,
         count(*) FILTER (WHERE a.value = 'paper_help') AS paper_help,
         count(*) FILTER (WHERE a.value = 'parent_child') AS parent_child,
         count(*) FILTER (WHERE a.value = 'youth') AS youth,
         count(*) FILTER (WHERE a.value = 'course') AS course,
         count(*) FILTER (WHERE a.value = 'job_help') AS job_help,
         count(*) FILTER (WHERE a.value = 'neighbourhood_talk') AS neighbourhood_talk,
         count(*) FILTER (WHERE a.value = 'green_repair') AS green_repair,
         count(*) FILTER (WHERE a.value = 'party') AS party,
         count(*) FILTER (WHERE a.value = 'other') AS other,
         count(*) FILTER (
           WHERE a.value NOT IN (
             'drop_in', 'meal', 'creative', 'exercise', 'language',
             'language_childcare', 'digital_help', 'paper_help',
             'parent_child', 'youth', 'course', 'job_help',
             'neighbourhood_talk', 'green_repair', 'party', 'other')) AS unlisted
    FROM scope s JOIN visitors v USING (place), json_each(v.activities) a
   WHERE v.date BETWEEN :from AND :until AND v.activities IS NOT NULL
   GROUP BY s.level, s.key
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       CASE WHEN t.dayparts > 0 THEN t.dayparts
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS dayparts,
       CASE WHEN t.dayparts > 0 THEN t.drop_in
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS drop_in,
       CASE WHEN t.dayparts > 0 THEN t.meal
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS meal,
       CASE WHEN t.dayparts > 0 THEN t.creative
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS creative,
       CASE WHEN t.dayparts > 0 THEN t.exercise
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS exercise,
       CASE WHEN t.dayparts > 0 THEN t.language
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS language,
       CASE WHEN t.dayparts > 0 THEN t.language_childcare
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS language_childcare,
       CASE WHEN t.dayparts > 0 THEN t.digital_help
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS digital_help,
       CASE WHEN t.dayparts > 0 THEN t.paper_help
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS paper_help,
       CASE WHEN t.dayparts > 0 THEN t.parent_child
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS parent_child,
       CASE WHEN t.dayparts > 0 THEN t.youth
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS youth,
       CASE WHEN t.dayparts > 0 THEN t.course
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS course,
       CASE WHEN t.dayparts > 0 THEN t.job_help
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS job_help,
       CASE WHEN t.dayparts > 0 THEN t.neighbourhood_talk
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS neighbourhood_talk,
       CASE WHEN t.dayparts > 0 THEN t.green_repair
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS green_repair,
       CASE WHEN t.dayparts > 0 THEN t.party
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS party,
       CASE WHEN t.dayparts > 0 THEN t.other
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS other,
       CASE WHEN t.dayparts > 0 THEN t.unlisted
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS unlisted
  FROM shown r
  LEFT JOIN tally t USING (level, key)
  LEFT JOIN came e USING (level, key)
 ORDER BY r.first, r.then_by
