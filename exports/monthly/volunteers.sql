-- Eén rij per plek: de vrijwilligers die er waren. Iedereen telt één keer, ook in een totaal.
-- Somebody is new in the period in which their first time as a volunteer in this row begins.
-- Going to another of our places is no leaving.
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
   WHERE e.form_id = 'volunteer_hours' AND e.date BETWEEN :from AND :until
   GROUP BY s.level, s.key
),
doubtful AS (
  SELECT DISTINCT person FROM memberships WHERE possibly_double = 1
),
people_seen AS (
  SELECT s.level, s.key, n.person, n.date, n.hours, n.task, d.person AS doubtful
    FROM scope s JOIN seen n USING (place) LEFT JOIN doubtful d USING (person)
   WHERE n.role = 'volunteer' AND n.date <= :until
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
started AS (
  SELECT level, key, count(*) AS persons
    FROM (SELECT s.level, s.key, m.person, min(m.since) AS since
            FROM scope s JOIN memberships m USING (place)
           WHERE m.role = 'volunteer'
           GROUP BY s.level, s.key, m.person)
   WHERE since BETWEEN :from AND :until
   GROUP BY level, key
),
stopped AS (
  SELECT s.level, s.key, count(DISTINCT t.person) AS persons
    FROM scope s JOIN steps t USING (place)
   WHERE t.step = 'left' AND coalesce(t.left_reason, '') <> 'other_place'
     AND t.date BETWEEN :from AND :until
     AND EXISTS (SELECT 1 FROM memberships m
                  WHERE m.person = t.person AND m.place = t.place AND m.role = 'volunteer')
   GROUP BY s.level, s.key
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
       coalesce(n.persons, 0) AS started,
       coalesce(l.persons, 0) AS stopped,
       CASE WHEN t.period > 0 THEN t.hours WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS hours
  FROM shown r
  LEFT JOIN tally t USING (level, key)
  LEFT JOIN started n USING (level, key)
  LEFT JOIN stopped l USING (level, key)
  LEFT JOIN came e USING (level, key)
 ORDER BY r.first, r.then_by
