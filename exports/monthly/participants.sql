-- Eén rij per plek: de deelnemers die er waren. Iedereen telt één keer, ook in een totaal.
-- In a pilot and distance to the labour market are of those seen in the period.
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
doubtful AS (
  SELECT DISTINCT person FROM memberships WHERE possibly_double = 1
),
people_seen AS (
  SELECT s.level, s.key, n.person, n.date, n.hours, n.task, d.person AS doubtful
    FROM scope s JOIN seen n USING (place) LEFT JOIN doubtful d USING (person)
   WHERE n.role = 'participant' AND n.date <= :until
),
tally AS (
  SELECT level, key,
         count(DISTINCT person) FILTER (WHERE date >= :from) AS period,
         count(DISTINCT doubtful) FILTER (WHERE date >= :from) AS period_double,
         count(DISTINCT person) FILTER (WHERE date >= :year_from) AS year,
         count(DISTINCT doubtful) FILTER (WHERE date >= :year_from) AS year_double,
         count(DISTINCT person) AS ever,
         count(DISTINCT doubtful) AS ever_double,
         sum(hours) FILTER (WHERE date >= :from) AS hours
    FROM people_seen
   GROUP BY level, key
),
useful AS (
  SELECT name AS task FROM choices
   WHERE form_id = 'attendance' AND list_name = 'task' AND coalesce(liveability, 'y') <> 'n'
),
more AS (
  SELECT level, key,
         count(DISTINCT person) FILTER (WHERE date >= :from AND person IN (
           SELECT person FROM pilot_participations
            WHERE since <= :until AND coalesce(until, '9999') >= :from)) AS in_pilot,
         count(DISTINCT person) FILTER (WHERE date >= :from AND person IN (
           SELECT person FROM memberships WHERE labour_distance = 'yes')) AS distance,
         count(DISTINCT person) FILTER (
           WHERE date >= :year_from AND task IN (SELECT task FROM useful)) AS useful_year,
         coalesce(sum(hours) FILTER (
           WHERE date >= :from AND task IN (SELECT task FROM useful)), 0) AS hours_useful
    FROM people_seen
   GROUP BY level, key
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       CASE WHEN t.period > 0 THEN t.period
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS period,
       CASE WHEN t.period > 0 THEN t.period_double
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS period_double,
       CASE WHEN t.year > 0 THEN t.year
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS year,
       CASE WHEN t.year > 0 THEN t.year_double
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS year_double,
       CASE WHEN t.ever > 0 THEN t.ever
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS ever,
       CASE WHEN t.ever > 0 THEN t.ever_double
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS ever_double,
       CASE WHEN t.period > 0 THEN m.in_pilot
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS in_pilot,
       CASE WHEN t.period > 0 THEN m.distance
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS distance,
       CASE WHEN t.year > 0 THEN m.useful_year
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS useful_year,
       CASE WHEN t.period > 0 THEN t.hours
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS hours,
       CASE WHEN t.period > 0 THEN m.hours_useful
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS hours_useful
  FROM shown r
  LEFT JOIN tally t USING (level, key)
  LEFT JOIN more m USING (level, key)
  LEFT JOIN came e USING (level, key)
 ORDER BY r.first, r.then_by
