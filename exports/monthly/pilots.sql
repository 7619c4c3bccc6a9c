-- Eén rij per pilot: de mensen die meededen. Iedereen telt één keer, ook in een totaal.
-- Seen means: logged as a participant anywhere while in this pilot. At present is on the last day.
WITH active AS (
  SELECT p.name, p.label, p.wijk, p.run_by, coalesce(w.label, p.wijk) AS wijk_label,
         w.position AS wijk_order, coalesce(r.label, p.run_by, '') AS run_by_label
    FROM pilots p
    LEFT JOIN places r ON r.name = p.run_by
    LEFT JOIN choices w ON w.form_id = 'place' AND w.list_name = 'wijk' AND w.name = p.wijk
   WHERE coalesce(p.active_from, '') <= :until
     AND coalesce(nullif(p.active_until, ''), '9999') >= :from
     AND (:place IS NULL OR p.run_by = :place)
),
shown AS (  -- the rows of this sheet: every pilot, every wijk, all of them
  SELECT 'place' AS level, name AS key, name AS code, label, wijk_label AS wijk,
         run_by_label AS run_by, wijk AS part_of, coalesce(run_by, '') AS place,
         wijk_order AS first, name AS then_by
    FROM active
   UNION ALL
  SELECT DISTINCT 'wijk', wijk, '', wijk_label || ' totaal', wijk_label, '', wijk, '',
         wijk_order, ''
    FROM active WHERE :place IS NULL
   UNION ALL
  SELECT DISTINCT 'total', '', '', 'Zuidwest totaal', '', '', '', '', 0, ''
    FROM active WHERE :place IS NULL
),
scope AS (  -- which pilots each row covers; a pilot that has stopped still counts in totals
  SELECT level, key, key AS pilot FROM shown WHERE level = 'place'
   UNION ALL
  SELECT s.level, s.key, p.name FROM shown s JOIN pilots p ON s.level = 'wijk' AND p.wijk = s.key
   UNION ALL
  SELECT s.level, s.key, p.name FROM shown s JOIN pilots p ON s.level = 'total'
),
came AS MATERIALIZED (  -- once per person and day, so that the next step can look it up
  SELECT DISTINCT person, date FROM seen WHERE role = 'participant' AND date <= :until
),
parts AS MATERIALIZED (
  SELECT person, pilot, since, coalesce(until, '9999') AS until
    FROM pilot_participations WHERE since <= :until
),
joined AS MATERIALIZED (
  SELECT t.person, t.pilot, t.since, t.until, max(n.date) AS last_seen
    FROM parts t LEFT JOIN came n ON n.person = t.person AND n.date BETWEEN t.since AND t.until
   GROUP BY t.person, t.pilot, t.since, t.until
),
took_part AS (
  SELECT s.level, s.key, j.person, d.person AS doubtful, j.since, j.until, j.last_seen
    FROM scope s JOIN joined j USING (pilot)
    LEFT JOIN (SELECT DISTINCT person FROM memberships WHERE possibly_double = 1) d USING (person)
),
tally AS (
  SELECT level, key,
         count(DISTINCT person) FILTER (WHERE last_seen >= :from) AS period,
         count(DISTINCT doubtful) FILTER (WHERE last_seen >= :from) AS period_double,
         count(DISTINCT person) FILTER (WHERE last_seen >= :year_from) AS year,
         count(DISTINCT doubtful) FILTER (WHERE last_seen >= :year_from) AS year_double,
         count(DISTINCT person) AS ever,
         count(DISTINCT doubtful) AS ever_double,
         count(DISTINCT person) FILTER (WHERE until > :until) AS present,
         count(DISTINCT doubtful) FILTER (WHERE until > :until) AS present_double
    FROM took_part
   GROUP BY level, key
)
SELECT r.level AS _level, r.part_of AS _group, r.place AS _place,
       r.code, r.label, r.wijk, r.run_by,
       coalesce(t.period, 0) AS period,
       coalesce(t.period_double, 0) AS period_double,
       coalesce(t.year, 0) AS year,
       coalesce(t.year_double, 0) AS year_double,
       coalesce(t.present, 0) AS present,
       coalesce(t.present_double, 0) AS present_double,
       coalesce(t.ever, 0) AS ever,
       coalesce(t.ever_double, 0) AS ever_double
  FROM shown r
  LEFT JOIN tally t USING (level, key)
 ORDER BY r.first, r.then_by
