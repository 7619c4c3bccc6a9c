-- Mensen die in een pilot waren en zijn gezien
-- result: people/pilots
-- pillar: B
-- unit: personen
-- kind: persons
-- over: month
-- good: none
-- questions: person_new.pilot person_new.pilot_from step.pilot step.pilot_from step.pilot_until pilot.wijk attendance.who
-- measure present: Deelnemers op de laatste dag (personen, persons)
-- same present: 4/2.5.b#present
-- measure enrolled: Deed ooit mee (personen, persons)
-- same enrolled: 4/2.5.b
-- The places here are the pilots; the wijk is that of the pilot. Seen: as a participant anywhere
-- while in the pilot. Whoever ever took part was registered with the pilot, seen or not.
WITH covered AS (  -- which pilots each row covers; a pilot that has stopped still counts in totals
  SELECT 'place' AS level, name AS key, name AS pilot FROM pilots
   UNION ALL
  SELECT 'wijk', wijk, name FROM pilots
   UNION ALL
  SELECT 'total', '', name FROM pilots
),
parts AS MATERIALIZED (
  SELECT person, pilot, since, coalesce(until, '9999') AS until FROM pilot_participations
),
attended AS MATERIALIZED (
  SELECT person, date FROM seen
   WHERE role = 'participant' AND person IN (SELECT person FROM parts)
     AND date BETWEEN (SELECT min(since) FROM periods) AND (SELECT max(until) FROM periods)
),
days AS MATERIALIZED (  -- a period begins and ends with a month, so the ends of each are enough
  SELECT t.person, t.pilot, min(n.date) AS first, max(n.date) AS last
    FROM parts t
    JOIN attended n ON n.person = t.person AND n.date BETWEEN t.since AND t.until
   GROUP BY t.person, t.pilot, substr(n.date, 1, 7)
),
counted (period, measure, pilot, person) AS (
  SELECT p.period, '', n.pilot, n.person
    FROM periods p JOIN days n ON n.first <= p.until AND n.last >= p.since
   UNION ALL
  SELECT p.period, 'present', t.pilot, t.person
    FROM periods p JOIN parts t ON t.since <= p.until AND t.until > p.until
   UNION ALL
  SELECT p.period, 'enrolled', t.pilot, t.person
    FROM periods p JOIN parts t ON t.since <= p.until
),
tally AS (
  SELECT n.period, c.level, c.key, n.measure, count(DISTINCT n.person) AS persons,
         count(DISTINCT d.person) AS doubtful
    FROM counted n JOIN covered c USING (pilot) LEFT JOIN doubtful d USING (person)
   GROUP BY n.period, c.level, c.key, n.measure
),
rows AS (
  SELECT DISTINCT p.period, c.level, c.key, m.column1 AS measure
    FROM periods p CROSS JOIN (VALUES (''), ('present'), ('enrolled')) m CROSS JOIN covered c
)
SELECT period, level, key, measure, coalesce(persons, 0) AS value,
       coalesce(doubtful, 0) AS doubtful
  FROM rows LEFT JOIN tally USING (period, level, key, measure)
