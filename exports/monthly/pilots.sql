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
),
listed AS (  -- the rows of this sheet: every pilot, every wijk, all of them
  SELECT 'place' AS level, name AS key, name AS code, label, wijk_label AS wijk,
         run_by_label AS run_by, wijk AS part_of, coalesce(run_by, '') AS place,
         wijk_order AS first, name AS then_by
    FROM active
   UNION ALL
  SELECT DISTINCT 'wijk', wijk, '', wijk_label || ' totaal', wijk_label, '', wijk, '',
         wijk_order, ''
    FROM active
   UNION ALL
  SELECT DISTINCT 'total', '', '', 'Zuidwest totaal', '', '', '', '', 0, ''
    FROM active
),
covered AS (  -- which pilots each row covers; a pilot that has stopped still counts in totals
  SELECT 'place' AS level, name AS key, name AS pilot FROM pilots
   UNION ALL
  SELECT 'wijk', wijk, name FROM pilots
   UNION ALL
  SELECT 'total', '', name FROM pilots
),
attended AS MATERIALIZED (  -- once per person and day, so that the next step can look it up
  SELECT DISTINCT person, date FROM seen WHERE role = 'participant' AND date <= :until
),
parts AS MATERIALIZED (
  SELECT person, pilot, since, coalesce(until, '9999') AS until
    FROM pilot_participations WHERE since <= :until
),
joined AS MATERIALIZED (
  SELECT t.person, t.pilot, t.since, t.until, max(n.date) AS last_seen
    FROM parts t LEFT JOIN attended n ON n.person = t.person AND n.date BETWEEN t.since AND t.until
   GROUP BY t.person, t.pilot, t.since, t.until
),
tally AS (
  SELECT c.level, c.key, j.person, d.person AS doubtful, j.until, j.last_seen
    FROM covered c JOIN joined j USING (pilot) LEFT JOIN doubtful d USING (person)
)
SELECT r.level AS _level, r.part_of AS _group, r.place AS _place,
       r.code, r.label, r.wijk, r.run_by,
       count(DISTINCT t.person) FILTER (WHERE t.last_seen >= :from) AS period,
       count(DISTINCT t.doubtful) FILTER (WHERE t.last_seen >= :from) AS period_double,
       count(DISTINCT t.person) FILTER (WHERE t.last_seen >= :year_from) AS year,
       count(DISTINCT t.doubtful) FILTER (WHERE t.last_seen >= :year_from) AS year_double,
       count(DISTINCT t.person) FILTER (WHERE t.until > :until) AS present,
       count(DISTINCT t.doubtful) FILTER (WHERE t.until > :until) AS present_double,
       count(DISTINCT t.person) AS ever,
       count(DISTINCT t.doubtful) AS ever_double
  FROM listed r
  LEFT JOIN tally t USING (level, key)
 WHERE :place IS NULL OR r.place = :place
 GROUP BY r.level, r.key
 ORDER BY r.first, r.then_by
