-- Mensen die via een wijkbedrijf werken voor de buurt
-- result: 4/1.1.2.a
-- pillar: A
-- unit: personen
-- kind: persons
-- over: year
-- good: more
-- questions: attendance.task attendance.who person_new.pilot step.pilot place.kind year_report.own_income_eur year_report.total_income_eur
-- measure year: Werkte dit kalenderjaar tot nu toe voor de buurt (personen, persons)
-- measure in_pilot: Werkte voor de buurt en deed mee aan een pilot (personen, persons)
-- measure active: Gezien in de laatste maand (personen, persons)
-- measure ever: Werkte ooit voor de buurt (personen, persons)
-- measure ever_in_pilot: Werkte ooit voor de buurt, deed ooit mee aan een pilot (personen, persons)
-- measure wijken: Wijken met een wijkbedrijf (wijken, count)
-- measure own_income: Eigen inkomsten van alle wijkbedrijven samen (procent, share)
-- measure incomes: Wijkbedrijven die hun inkomsten opgaven (plekken, count)
-- missing: is het doel per wijkbedrijf nog niet gehaald
-- Seen at a wijkbedrijf on a task for the liveability of the neighbourhood, in the period: a month
-- tells that month. `year` tells in every period how far its last calendar year is. `active` is
-- whoever was seen there in the month of the last day, on whatever task. In a pilot: at some moment
-- of the period. Income is told over all companies together only, of reports that have both sums,
-- and belongs to the period of the last day of its year.
WITH windows (period, measure, since, until, useful) AS (
  SELECT period, '', since, until, 1 FROM periods
   UNION ALL
  SELECT period, 'year', substr(until, 1, 4) || '-01-01', until, 1 FROM periods
   UNION ALL
  SELECT period, 'active', substr(until, 1, 7) || '-01', until, 0 FROM periods
   UNION ALL
  SELECT period, 'ever', '', until, 1 FROM periods
),
here AS MATERIALIZED (
  SELECT n.stretch, n.place, n.person, max(n.useful) AS useful
    FROM presence n JOIN places p ON p.name = n.place AND p.kind = 'wijkbedrijf'
   WHERE n.role = 'participant'
   GROUP BY n.stretch, n.place, n.person
),
met AS MATERIALIZED (
  SELECT DISTINCT w.period, w.measure, n.place, n.person, w.since, w.until
    FROM windows w
    JOIN dates d ON d.day BETWEEN w.since AND w.until AND d.day = d.stretch
    JOIN here n ON n.stretch = d.stretch AND n.useful >= w.useful
   WHERE w.measure <> 'ever'
   UNION ALL
  SELECT w.period, w.measure, n.place, n.person, w.since, w.until
    FROM windows w
    JOIN (SELECT place, person, min(stretch) AS since FROM here WHERE useful
           GROUP BY place, person) n ON n.since <= w.until
   WHERE w.measure = 'ever'
),
pilot AS MATERIALIZED (
  SELECT DISTINCT person, since, coalesce(until, '9999') AS until FROM pilot_participations
),
counted (period, measure, place, person) AS (
  SELECT period, measure, place, person FROM met
   UNION ALL
  SELECT DISTINCT m.period, ltrim(m.measure || '_in_pilot', '_'), m.place, m.person
    FROM met m JOIN pilot t USING (person)
   WHERE m.measure IN ('', 'ever')
     AND t.since <= m.until AND t.until >= m.since
),
measures (measure) AS (
  VALUES (''), ('year'), ('in_pilot'), ('active'), ('ever'), ('ever_in_pilot')
),
tally AS (
  SELECT l.period, l.level, l.key, c.measure, count(DISTINCT c.person) AS persons,
         count(DISTINCT d.person) AS doubtful
    FROM counted c
    JOIN lines l ON (l.period, l.place, l.kind) = (c.period, c.place, 'wijkbedrijf')
    LEFT JOIN doubtful d USING (person)
   GROUP BY l.period, l.level, l.key, c.measure
),
asked AS (
  SELECT l.period, l.level, l.key, count(DISTINCT l.wijk) FILTER (WHERE l.present) AS wijken,
         sum(h.expected) AS expected, sum(h.received) AS received
    FROM lines l
    LEFT JOIN heard h ON (h.period, h.form_id, h.place) = (l.period, 'attendance', l.place)
   WHERE l.kind = 'wijkbedrijf' OR l.place IS NULL
   GROUP BY l.period, l.level, l.key
),
told AS (
  SELECT *, received OR persons AS known
    FROM asked CROSS JOIN measures LEFT JOIN tally USING (period, level, key, measure)
),
income AS (
  SELECT p.period, sum(y.own_income_eur) AS own, sum(y.total_income_eur) AS total,
         count(DISTINCT y.place) AS reports,
         (SELECT sum(h.expected) FROM heard h JOIN places c ON c.name = h.place
           WHERE (h.period, h.form_id, c.kind) = (p.period, 'year_report', 'wijkbedrijf'))
           AS expected
    FROM periods p
    LEFT JOIN (year_report y JOIN places w ON w.name = y.place AND w.kind = 'wijkbedrijf')
      ON date(y.year, '+1 year', '-1 day') BETWEEN p.since AND p.until
     AND y.own_income_eur IS NOT NULL AND y.total_income_eur IS NOT NULL
   GROUP BY p.period
)
SELECT period, level, key, measure, iif(known, coalesce(persons, 0), NULL) AS value,
       NULL AS numerator, NULL AS denominator,
       iif(known, coalesce(doubtful, 0), NULL) AS doubtful,
       CASE WHEN known THEN NULL WHEN expected THEN 'not_answered'
            ELSE 'not_expected' END AS status
  FROM told
 UNION ALL
SELECT period, level, key, 'wijken', wijken, NULL, NULL, NULL, NULL
  FROM asked WHERE level <> 'place'
 UNION ALL
SELECT period, 'total', '', 'own_income', own / nullif(total, 0), own, total, NULL,
       CASE WHEN total > 0 THEN NULL WHEN reports OR expected THEN 'not_answered'
            ELSE 'not_expected' END
  FROM income
 UNION ALL
SELECT period, 'total', '', 'incomes', iif(reports OR expected, reports, NULL), NULL, NULL, NULL,
       iif(reports OR expected, NULL, 'not_expected')
  FROM income
