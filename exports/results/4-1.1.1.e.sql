-- Ontmoetingsplekken die hulp kregen
-- result: 4/1.1.1.e
-- pillar: A
-- unit: plekken
-- kind: count
-- over: year
-- good: more
-- questions: month_report.support_received
-- measure volunteers: Hulp bij vrijwilligers vinden en begeleiden (plekken, count)
-- measure marketing: Hulp bij bekend worden in de buurt (plekken, count)
-- measure sponsors: Hulp bij sponsors vinden (plekken, count)
-- measure business: Hulp bij geld en bedrijfsvoering (plekken, count)
-- measure other: Hulp bij iets anders (plekken, count)
-- missing: kwam nog geen hulp
-- The 14 only: places that got this help in at least one month of the period. A month report that
-- leaves the question open tells nothing.
WITH measures (measure) AS (
  VALUES (''), ('volunteers'), ('marketing'), ('sponsors'), ('business'), ('other')
),
answered AS MATERIALIZED (
  SELECT p.period, r.place, j.value AS help
    FROM periods p JOIN month_report r ON r.month BETWEEN p.since AND p.until,
         json_each(r.support_received) j
),
tally AS (
  SELECT l.period, l.level, l.key, m.measure, count(a.place) AS answers,
         count(DISTINCT CASE WHEN m.measure = a.help OR (m.measure = '' AND a.help <> 'none')
                             THEN a.place END) AS places
    FROM lines l CROSS JOIN measures m LEFT JOIN answered a USING (period, place)
   WHERE l.cohort OR l.place IS NULL
   GROUP BY l.period, l.level, l.key, m.measure
),
due AS (
  SELECT l.period, l.level, l.key, sum(h.expected) AS expected
    FROM lines l
    JOIN heard h ON (h.period, h.form_id, h.place) = (l.period, 'month_report', l.place)
   WHERE l.cohort
   GROUP BY l.period, l.level, l.key
)
SELECT t.period, t.level, t.key, t.measure, iif(t.answers, t.places, NULL) AS value,
       CASE WHEN t.answers THEN NULL WHEN d.expected THEN 'not_answered'
            ELSE 'not_expected' END AS status
  FROM tally t LEFT JOIN due d USING (period, level, key)
