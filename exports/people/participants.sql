-- Deelnemers die er waren
-- result: people/participants
-- pillar: B
-- unit: personen
-- kind: persons
-- over: month
-- good: none
-- questions: attendance.who attendance.task person_new.pilot person_new.labour_distance
-- same: 4/1.1.2.a#active
-- measure in_pilot: In een pilot (personen, persons)
-- measure distance: Ver van werk (personen, persons)
-- measure useful: Werkte aan de leefbaarheid (personen, persons)
-- same useful: 4/1.1.2.a
-- At every place. In a pilot: at some moment of the period, by those who were seen in it.
WITH parts AS MATERIALIZED (
  SELECT person, since, coalesce(until, '9999') AS until FROM pilot_participations
),
in_pilot AS MATERIALIZED (
  SELECT DISTINCT p.period, t.person
    FROM periods p JOIN parts t ON t.since <= p.until AND t.until >= p.since
),
distant AS MATERIALIZED (
  SELECT DISTINCT person FROM memberships WHERE labour_distance = 'yes'
),
met AS MATERIALIZED (
  SELECT s.period, n.place, n.person, max(n.useful) AS useful
    FROM presence n JOIN stretches s USING (stretch)
   WHERE n.role = 'participant'
   GROUP BY s.period, n.place, n.person
),
counted (period, measure, place, person) AS (
  SELECT period, '', place, person FROM met
   UNION ALL
  SELECT period, 'useful', place, person FROM met WHERE useful
   UNION ALL
  SELECT period, 'distance', place, person FROM met WHERE person IN distant
   UNION ALL
  SELECT period, 'in_pilot', place, person FROM met JOIN in_pilot USING (period, person)
),
measures (measure) AS (
  VALUES (''), ('in_pilot'), ('distance'), ('useful')
),
tally AS (
  SELECT l.period, l.level, l.key, c.measure, count(DISTINCT c.person) AS persons,
         count(DISTINCT d.person) AS doubtful
    FROM counted c JOIN lines l USING (period, place) LEFT JOIN doubtful d USING (person)
   GROUP BY l.period, l.level, l.key, c.measure
),
asked AS (
  SELECT l.period, l.level, l.key, sum(h.expected) AS expected, sum(h.received) AS received
    FROM lines l
    LEFT JOIN heard h ON (h.period, h.form_id, h.place) = (l.period, 'attendance', l.place)
   GROUP BY l.period, l.level, l.key
),
told AS (
  SELECT *, received OR persons AS known
    FROM asked CROSS JOIN measures LEFT JOIN tally USING (period, level, key, measure)
)
SELECT period, level, key, measure, iif(known, coalesce(persons, 0), NULL) AS value,
       iif(known AND measure IN ('', 'useful'), coalesce(doubtful, 0), NULL) AS doubtful,
       CASE WHEN known THEN NULL WHEN expected THEN 'not_answered'
            ELSE 'not_expected' END AS status
  FROM told
