-- Plekken die vertelden wat werkt en wat niet
-- result: 2
-- pillar: A
-- unit: plekken
-- kind: count
-- over: month
-- good: more
-- questions: month_report.worked month_report.not_worked month_report.change month_report.lesson_about
-- measure reports: Maanden waarvan een plek dit vertelde (maanden, count)
-- measure complete: Welk deel van de maanden dat is (procent, share)
-- measure reach: Het ging over nieuwe mensen bereiken (plekken, count)
-- measure volunteers: Het ging over vrijwilligers (plekken, count)
-- measure programme: Het ging over activiteiten (plekken, count)
-- measure hours: Het ging over openingstijden (plekken, count)
-- measure partners: Het ging over samenwerken (plekken, count)
-- measure money: Het ging over geld (plekken, count)
-- measure building: Het ging over het gebouw (plekken, count)
-- measure safety: Het ging over veiligheid (plekken, count)
-- measure language: Het ging over taal (plekken, count)
-- measure other: Het ging over iets anders (plekken, count)
-- missing: is nog niet verteld wat werkt
-- A place counts when it told something in at least one month of the period. Nobody's words stand
-- here. In the share only months count that were expected.
WITH topics (measure) AS (
  VALUES ('reach'), ('volunteers'), ('programme'), ('hours'), ('partners'), ('money'),
         ('building'), ('safety'), ('language'), ('other')
),
lessons AS MATERIALIZED (
  SELECT p.period, r.place, r.month, r.lesson_about
    FROM periods p JOIN month_report r ON r.month BETWEEN p.since AND p.until
   WHERE coalesce(r.worked, r.not_worked, r.change) IS NOT NULL
),
about AS MATERIALIZED (
  SELECT DISTINCT period, place, j.value AS measure FROM lessons, json_each(lesson_about) j
),
came AS (
  SELECT p.period, e.place, count(*) AS expected, sum(e.received) AS received
    FROM periods p JOIN expected e ON e.due BETWEEN p.since AND p.until
   WHERE e.form_id = 'month_report'
   GROUP BY p.period, e.place
),
learned AS (
  SELECT period, place, count(*) AS reports FROM lessons GROUP BY period, place
),
tally AS (
  SELECT l.period, l.level, l.key, count(r.place) AS places, sum(r.reports) AS reports,
         sum(c.expected) AS expected, sum(c.received) AS received
    FROM lines l LEFT JOIN learned r USING (period, place) LEFT JOIN came c USING (period, place)
   GROUP BY l.period, l.level, l.key
),
subjects AS (
  SELECT l.period, l.level, l.key, a.measure, count(*) AS places
    FROM lines l JOIN about a USING (period, place)
   GROUP BY l.period, l.level, l.key, a.measure
),
told AS (
  SELECT *, CASE WHEN places THEN NULL WHEN expected THEN 'not_answered'
                 ELSE 'not_expected' END AS status
    FROM tally
)
SELECT period, level, key, '' AS measure, iif(places, places, NULL) AS value,
       NULL AS numerator, NULL AS denominator, status
  FROM told
 UNION ALL
SELECT period, level, key, 'reports', reports, NULL, NULL, status FROM told
 UNION ALL
SELECT period, level, key, 'complete', 1.0 * received / expected, received, expected,
       iif(expected, NULL, 'not_expected')
  FROM told
 UNION ALL
SELECT period, level, key, t.measure, iif(told.places, coalesce(s.places, 0), NULL), NULL, NULL,
       told.status
  FROM told CROSS JOIN topics t LEFT JOIN subjects s USING (period, level, key, measure)
