-- Vrijwilligers die er waren
-- result: people/volunteers
-- pillar: A
-- unit: personen
-- kind: persons
-- over: month
-- good: none
-- questions: volunteer_hours.who volunteer_month.allowance step.step step.left_reason
-- same: 4/1.1.3.b#volunteers
-- measure started: Begon als vrijwilliger (personen, steps)
-- measure stopped: Stopte als vrijwilliger (personen, steps)
-- measure allowance: Kreeg een vergoeding (personen, persons)
-- same allowance: 4/1.1.1.g#allowance
-- measure offered: Kreeg coaching aangeboden (personen, steps)
-- same offered: 4/1.1.1.g#offered
-- measure step_up: Kreeg een vergoeding en een aanbod van coaching (personen, persons)
-- same step_up: 4/1.1.1.g 4/1.1.1.g#elsewhere
-- At every place. Somebody started when their first time as a volunteer in the row begins. Going to
-- another of our places is no leaving. A step up is told as in 4/1.1.1.g, of every place.
WITH offers AS MATERIALIZED (
  SELECT person, min(date) AS date FROM steps WHERE step = 'coaching_offered' GROUP BY person
),
met AS MATERIALIZED (
  SELECT DISTINCT s.period, n.place, n.person
    FROM presence n JOIN stretches s USING (stretch)
   WHERE n.role = 'volunteer'
),
helped AS MATERIALIZED (  -- `offered` is whether coaching was offered in time
  SELECT p.period, a.place, a.person,
         coalesce(o.date <= min(p.until, substr(a.month, 1, 4) || '-12-31'), 0) AS offered
    FROM periods p
    JOIN allowances a ON a.month BETWEEN p.since AND p.until
    LEFT JOIN offers o USING (person)
),
stepped AS MATERIALIZED (
  SELECT p.period, t.place, t.person, iif(t.step = 'left', 'stopped', 'offered') AS measure
    FROM periods p JOIN steps t ON t.date BETWEEN p.since AND p.until
   WHERE ((t.step = 'left' AND coalesce(t.left_reason, '') <> 'other_place')
      OR t.step = 'coaching_offered')
     AND EXISTS (SELECT 1 FROM memberships m
                  WHERE (m.person, m.place, m.role) = (t.person, t.place, 'volunteer')
                    AND (t.step = 'left'
                     OR t.date BETWEEN m.since AND coalesce(m.until, '9999')))
),
counted (period, measure, place, person) AS (
  SELECT period, '', place, person FROM met
   UNION ALL
  SELECT DISTINCT period, 'allowance', place, person FROM helped
   UNION ALL
  SELECT DISTINCT period, 'step_up', place, person FROM helped WHERE offered
   UNION ALL
  SELECT DISTINCT period, measure, place, person FROM stepped
),
first AS (
  SELECT s.level, s.key, m.person, min(m.since) AS since
    FROM scope s JOIN memberships m USING (place)
   WHERE m.role = 'volunteer'
   GROUP BY s.level, s.key, m.person
),
tally AS (
  SELECT l.period, l.level, l.key, c.measure, count(DISTINCT c.person) AS persons,
         count(DISTINCT d.person) AS doubtful
    FROM counted c JOIN lines l USING (period, place) LEFT JOIN doubtful d USING (person)
   GROUP BY l.period, l.level, l.key, c.measure
   UNION ALL
  SELECT p.period, f.level, f.key, 'started', count(*), NULL
    FROM periods p JOIN first f ON f.since BETWEEN p.since AND p.until
   GROUP BY p.period, f.level, f.key
),
measures (measure, form_id) AS (  -- steps ask nothing: no step is 0
  VALUES ('', 'volunteer_hours'), ('allowance', 'volunteer_month'),
         ('step_up', 'volunteer_month'), ('started', NULL), ('stopped', NULL), ('offered', NULL)
),
asked AS (
  SELECT l.period, l.level, l.key, m.measure, m.form_id IS NOT NULL AS asks,
         sum(h.expected) AS expected, sum(h.received) AS received
    FROM measures m
    CROSS JOIN lines l
    LEFT JOIN heard h ON (h.period, h.form_id, h.place) = (l.period, m.form_id, l.place)
   GROUP BY l.period, l.level, l.key, m.measure
),
told AS (
  SELECT *, NOT asks OR received OR persons AS known
    FROM asked LEFT JOIN tally USING (period, level, key, measure)
)
SELECT period, level, key, measure, iif(known, coalesce(persons, 0), NULL) AS value,
       iif(known AND measure IN ('', 'allowance', 'step_up'), coalesce(doubtful, 0), NULL)
         AS doubtful,
       CASE WHEN known THEN NULL WHEN expected THEN 'not_answered'
            ELSE 'not_expected' END AS status
  FROM told
