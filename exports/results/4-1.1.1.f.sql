-- Ontmoetingsplekken waar bewoners meepraten over het programma
-- result: 4/1.1.1.f
-- pillar: A
-- unit: plekken
-- kind: count
-- over: day
-- good: more
-- questions: month_report.programme_checked visitors.activities
-- measure drop_in: Dagdelen met inloop en koffie (dagdelen, count)
-- measure meal: Dagdelen met samen eten (dagdelen, count)
-- measure creative: Dagdelen met handwerk en creatief (dagdelen, count)
-- measure exercise: Dagdelen met sport en bewegen (dagdelen, count)
-- measure language: Dagdelen met taalles (dagdelen, count)
-- measure language_childcare: Dagdelen met taalles met kinderopvang (dagdelen, count)
-- measure digital_help: Dagdelen met hulp met telefoon of computer (dagdelen, count)
-- measure paper_help: Dagdelen met spreekuur of hulp met brieven (dagdelen, count)
-- measure parent_child: Dagdelen met ouders en kinderen (dagdelen, count)
-- measure youth: Dagdelen met jongeren (dagdelen, count)
-- measure course: Dagdelen met een cursus of workshop (dagdelen, count)
-- measure job_help: Dagdelen met hulp bij werk zoeken (dagdelen, count)
-- measure neighbourhood_talk: Dagdelen met praten over de buurt (dagdelen, count)
-- measure green_repair: Dagdelen met tuin, repareren of ruilen (dagdelen, count)
-- measure party: Dagdelen met een feest of uitje (dagdelen, count)
-- measure other: Dagdelen met iets anders (dagdelen, count)
-- measure unlisted: Dagdelen met iets dat nieuw is op de lijst (dagdelen, count)
-- missing: is het programma een jaar lang niet met bewoners besproken
-- The 14 only. Checked: with residents, in the 12 months up to the last day. An activity that was
-- added to the form and has no measure here counts as unlisted.
WITH measures (measure) AS (
  VALUES ('drop_in'), ('meal'), ('creative'), ('exercise'), ('language'), ('language_childcare'),
         ('digital_help'), ('paper_help'), ('parent_child'), ('youth'), ('course'), ('job_help'),
         ('neighbourhood_talk'), ('green_repair'), ('party'), ('other'), ('unlisted')
),
reported AS (  -- what each place said by the last day: months, and when it last checked
  SELECT p.period, r.place,
         count(*) FILTER (WHERE r.month >= date(p.until, '+1 day', '-12 months')) AS months,
         max(r.programme_checked) FILTER (WHERE r.programme_checked <= p.until)
           >= date(p.until, '+1 day', '-12 months') AS checked
    FROM periods p JOIN month_report r ON r.month <= p.until OR r.programme_checked <= p.until
   GROUP BY p.period, r.place
),
programme AS (
  SELECT l.period, l.level, l.key, max(l.present) AS there, count(r.place) AS told,
         count(*) FILTER (WHERE r.checked) AS places, sum(l.present) AS of_all
    FROM lines l
    LEFT JOIN reported r ON (r.period, r.place) = (l.period, l.place) AND l.present
     AND (r.months OR r.checked)
   WHERE l.cohort OR l.place IS NULL
   GROUP BY l.period, l.level, l.key
),
offered AS MATERIALIZED (
  SELECT d.stretch, v.place, coalesce(m.measure, 'unlisted') AS measure,
         count(DISTINCT v._id) AS n
    FROM visitors v CROSS JOIN dates d ON d.day = v.date,
         json_each(v.activities) j LEFT JOIN measures m ON m.measure = j.value
   WHERE v.date BETWEEN (SELECT min(since) FROM periods) AND (SELECT max(until) FROM periods)
   GROUP BY d.stretch, v.place, 3
),
dayparts AS MATERIALIZED (
  SELECT s.period, o.place, o.measure, sum(o.n) AS n
    FROM stretches s JOIN offered o USING (stretch)
   GROUP BY s.period, o.place, o.measure
),
due AS (
  SELECT l.period, l.level, l.key, sum(h.expected) AS expected, sum(h.received) AS received
    FROM lines l
    LEFT JOIN heard h ON (h.period, h.form_id, h.place) = (l.period, 'visitors', l.place)
   WHERE l.cohort OR l.place IS NULL
   GROUP BY l.period, l.level, l.key
),
tally AS (
  SELECT l.period, l.level, l.key, d.measure, sum(d.n) AS n
    FROM lines l JOIN dayparts d USING (period, place)
   WHERE l.cohort
   GROUP BY l.period, l.level, l.key, d.measure
)
SELECT period, level, key, '' AS measure, iif(told, places, NULL) AS value,
       iif(told, places, NULL) AS numerator, iif(told, of_all, NULL) AS denominator,
       CASE WHEN told THEN NULL WHEN there THEN 'not_answered' ELSE 'not_expected' END AS status
  FROM programme
 UNION ALL
SELECT d.period, d.level, d.key, m.measure, iif(d.received, coalesce(t.n, 0), NULL), NULL, NULL,
       CASE WHEN d.received THEN NULL WHEN d.expected THEN 'not_answered'
            ELSE 'not_expected' END
  FROM due d CROSS JOIN measures m LEFT JOIN tally t USING (period, level, key, measure)
