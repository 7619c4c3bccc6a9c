-- Dagdelen met taalles en kinderopvang
-- result: 4/2.4.2.a
-- pillar: B
-- unit: dagdelen
-- kind: count
-- over: year
-- good: more
-- questions: visitors.activities
-- measure lessons: Dagdelen met taalles (dagdelen, count)
-- missing: is nog geen taalles met kinderopvang
-- At meeting places and wijkbedrijven. `lessons` are all dayparts with a language lesson, those
-- with child care among them; a daypart with both kinds of lesson counts once.
WITH taught AS MATERIALIZED (
  SELECT p.period, v.place, count(DISTINCT v._id) AS lessons,
         count(DISTINCT v._id) FILTER (WHERE j.value = 'language_childcare') AS childcare
    FROM periods p JOIN visitors v ON v.date BETWEEN p.since AND p.until,
         json_each(v.activities) j
   WHERE j.value IN ('language', 'language_childcare')
   GROUP BY p.period, v.place
),
tally AS (
  SELECT l.period, l.level, l.key, coalesce(sum(t.lessons), 0) AS lessons,
         coalesce(sum(t.childcare), 0) AS childcare,
         sum(h.expected) AS expected, sum(h.received) AS received
    FROM lines l
    LEFT JOIN taught t USING (period, place)
    LEFT JOIN heard h ON (h.period, h.form_id, h.place) = (l.period, 'visitors', l.place)
   WHERE l.kind IN ('meeting_place', 'wijkbedrijf') OR l.place IS NULL
   GROUP BY l.period, l.level, l.key
),
told AS (
  SELECT *, CASE WHEN received THEN NULL WHEN expected THEN 'not_answered'
                 ELSE 'not_expected' END AS status
    FROM tally
)
SELECT period, level, key, '' AS measure, iif(received, childcare, NULL) AS value,
       iif(received, childcare, NULL) AS numerator, iif(received, lessons, NULL) AS denominator,
       status
  FROM told
 UNION ALL
SELECT period, level, key, 'lessons', iif(received, lessons, NULL), NULL, NULL, status FROM told
