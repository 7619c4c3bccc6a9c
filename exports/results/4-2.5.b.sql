-- Deelnemers aan een pilot van de instapeconomie
-- result: 4/2.5.b
-- pillar: B
-- unit: personen
-- kind: persons
-- over: deal
-- good: more
-- questions: person_new.pilot person_new.pilot_from step.pilot step.pilot_from step.pilot_until step.step pilot.wijk attendance.who
-- measure present: Deelnemers op de laatste dag (personen, persons)
-- measure pilots: Pilots (pilots, count)
-- measure wijken: Wijken met een pilot (wijken, count)
-- missing: deed nog niemand mee aan een pilot
-- missing pilots: is nog geen pilot
-- The covenant can be read in two ways. The headline is everyone who ever took part up to the last
-- day; `present` is who takes part on that day. Both are people who were registered with a pilot,
-- seen or not. Who stops on the last day is no longer present. The wijk is that of the pilot.
WITH regions AS (
  SELECT DISTINCT period, until, level, key FROM lines WHERE level <> 'place' AND place IS NULL
),
running AS (
  SELECT r.period, r.level, r.key, count(p.name) AS pilots, count(DISTINCT p.wijk) AS wijken
    FROM regions r
    LEFT JOIN pilots p ON (r.level = 'total' OR r.key = p.wijk)
     AND coalesce(p.active_from, '') <= r.until
     AND coalesce(nullif(p.active_until, ''), '9999') >= r.until
   GROUP BY r.period, r.level, r.key
),
tally AS (
  SELECT r.period, r.level, r.key,
         count(DISTINCT t.person) AS ever, count(DISTINCT d.person) AS ever_double,
         count(DISTINCT t.person) FILTER (WHERE coalesce(t.until, '9999') > r.until) AS present,
         count(DISTINCT d.person) FILTER (WHERE coalesce(t.until, '9999') > r.until)
           AS present_double
    FROM regions r
    LEFT JOIN (pilot_participations t JOIN pilots p ON p.name = t.pilot)
      ON t.since <= r.until AND (r.level = 'total' OR r.key = p.wijk)
    LEFT JOIN doubtful d USING (person)
   GROUP BY r.period, r.level, r.key
)
SELECT period, level, key, '' AS measure, ever AS value, ever_double AS doubtful FROM tally
 UNION ALL
SELECT period, level, key, 'present', present, present_double FROM tally
 UNION ALL
SELECT period, level, key, 'pilots', pilots, NULL FROM running
 UNION ALL
SELECT period, level, key, 'wijken', wijken, NULL FROM running
