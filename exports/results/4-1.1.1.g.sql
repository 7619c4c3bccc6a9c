-- Vrijwilligers met een opstap
-- result: 4/1.1.1.g
-- pillar: A
-- unit: personen
-- kind: persons
-- over: year
-- good: more
-- questions: volunteer_month.allowance step.step step.left_reason
-- measure year: Opstap in dit kalenderjaar tot nu toe (personen, persons)
-- measure elsewhere: Opstap op een andere plek dan de 14 (personen, persons)
-- measure allowance: Kreeg een vergoeding (personen, persons)
-- measure offered: Kreeg coaching aangeboden (personen, steps)
-- measure started: Begon met coaching (personen, steps)
-- measure done: Rondde coaching af (personen, steps)
-- measure paid_work: Vond betaald werk (personen, steps)
-- missing: heeft nog niemand een opstap
-- missing allowance: kreeg nog niemand een vergoeding
-- missing offered: heeft nog niemand een aanbod van coaching gehad
-- A step up: an allowance at one of the 14, and coaching offered before the calendar year of that
-- allowance was over (never after the period), at whatever place. So a month tells who had both by
-- the end of that month, a year who had both in it, and the deal everyone who had both in one of
-- its years. `year` tells in every period how far its last calendar year is: a line that grows to
-- the target. The steps are those of volunteers at the place, each by itself.
WITH offers AS MATERIALIZED (
  SELECT person, min(date) AS date FROM steps WHERE step = 'coaching_offered' GROUP BY person
),
windows (period, measure, since, until) AS (
  SELECT period, '', since, until FROM periods
   UNION ALL
  SELECT period, 'year', substr(until, 1, 4) || '-01-01', until FROM periods
),
helped AS MATERIALIZED (  -- `offered` is whether coaching was offered in time
  SELECT w.period, w.measure, a.place, a.person,
         coalesce(o.date <= min(w.until, substr(a.month, 1, 4) || '-12-31'), 0) AS offered
    FROM windows w
    JOIN allowances a ON a.month BETWEEN w.since AND w.until
    LEFT JOIN offers o USING (person)
),
stepped AS MATERIALIZED (
  SELECT p.period, t.place, t.person,
         CASE WHEN t.step = 'left' OR t.step = 'paid_work_stays' THEN 'paid_work'
              ELSE substr(t.step, 10) END AS measure
    FROM periods p JOIN steps t ON t.date BETWEEN p.since AND p.until
   WHERE (t.step IN ('coaching_offered', 'coaching_started', 'coaching_done', 'paid_work_stays')
      OR (t.step = 'left' AND t.left_reason IN ('paid_work', 'paid_work_supported')))
     AND EXISTS (SELECT 1 FROM memberships m
                  WHERE (m.person, m.place, m.role) = (t.person, t.place, 'volunteer')
                    AND t.date BETWEEN m.since AND coalesce(m.until, '9999'))
),
counted (period, measure, place, person, cohort) AS (
  SELECT DISTINCT period, measure, place, person, 1 FROM helped WHERE offered
   UNION ALL
  SELECT DISTINCT period, 'elsewhere', place, person, 0 FROM helped WHERE offered AND measure = ''
   UNION ALL
  SELECT DISTINCT period, 'allowance', place, person, 1 FROM helped WHERE measure = ''
   UNION ALL
  SELECT DISTINCT period, measure, place, person, 1 FROM stepped
),
measures (measure, cohort, asks) AS (  -- steps ask nothing: no step is 0
  VALUES ('', 1, 1), ('year', 1, 1), ('elsewhere', 0, 1), ('allowance', 1, 1),
         ('offered', 1, 0), ('started', 1, 0), ('done', 1, 0), ('paid_work', 1, 0)
),
tally AS (
  SELECT l.period, l.level, l.key, c.measure, count(DISTINCT c.person) AS persons,
         count(DISTINCT d.person) AS doubtful
    FROM counted c
    JOIN lines l ON (l.period, l.place, l.cohort) = (c.period, c.place, c.cohort)
    LEFT JOIN doubtful d USING (person)
   GROUP BY l.period, l.level, l.key, c.measure
),
asked AS (
  SELECT l.period, l.level, l.key, m.measure, m.asks, max(l.active) AS active,
         sum(h.expected) AS expected, sum(h.received) AS received
    FROM measures m
    JOIN lines l ON l.cohort = m.cohort OR l.place IS NULL
    LEFT JOIN heard h ON (h.period, h.form_id, h.place) = (l.period, 'volunteer_month', l.place)
   GROUP BY l.period, l.level, l.key, m.measure
),
told AS (
  SELECT *, iif(asks, received, active) OR persons AS known
    FROM asked LEFT JOIN tally USING (period, level, key, measure)
)
SELECT period, level, key, measure, iif(known, coalesce(persons, 0), NULL) AS value,
       iif(known, coalesce(doubtful, 0), NULL) AS doubtful,
       CASE WHEN known THEN NULL WHEN asks AND expected THEN 'not_answered'
            ELSE 'not_expected' END AS status
  FROM told
