-- Mensen die een stap zetten
-- result: people/steps
-- pillar: A
-- unit: personen
-- kind: steps
-- over: month
-- good: none
-- questions: step.step step.left_reason
-- measure coaching_offered: Kreeg coaching aangeboden (personen, steps)
-- measure coaching_declined: Wil geen coaching (personen, steps)
-- measure coaching_started: Begon met coaching (personen, steps)
-- measure coaching_done: Rondde coaching af (personen, steps)
-- measure course_started: Begon een cursus of opleiding (personen, steps)
-- measure pilot: Begon of stopte met een pilot (personen, steps)
-- measure paid_work_stays: Vond betaald werk en blijft (personen, steps)
-- measure stopped: Stopte (personen, steps)
-- measure doubtful: Zette een stap, mogelijk dubbel geteld (personen, steps)
-- Of all roles. Per step everybody counts once in a period. The headline is whoever took any step.
-- Going to another of our places is no leaving.
WITH stepped AS MATERIALIZED (
  SELECT DISTINCT p.period, t.place, t.person,
         CASE WHEN t.step <> 'left' THEN t.step
              WHEN coalesce(t.left_reason, '') <> 'other_place' THEN 'stopped' END AS measure
    FROM periods p JOIN steps t ON t.date BETWEEN p.since AND p.until
),
counted (period, measure, place, person) AS (
  SELECT DISTINCT period, '', place, person FROM stepped
   UNION ALL
  SELECT period, measure, place, person FROM stepped
   UNION ALL
  SELECT DISTINCT period, 'doubtful', place, person FROM stepped JOIN doubtful USING (person)
),
measures (measure) AS (
  VALUES (''), ('coaching_offered'), ('coaching_declined'), ('coaching_started'),
         ('coaching_done'), ('course_started'), ('pilot'), ('paid_work_stays'), ('stopped'),
         ('doubtful')
),
tally AS (
  SELECT l.period, l.level, l.key, c.measure, count(DISTINCT c.person) AS persons
    FROM counted c JOIN lines l USING (period, place)
   GROUP BY l.period, l.level, l.key, c.measure
),
rows AS (  -- in the order of the lines: of numbers that could be hidden alike the first is
  SELECT DISTINCT period, level, key FROM lines NOT INDEXED
)
SELECT period, level, key, measure, coalesce(persons, 0) AS value
  FROM rows CROSS JOIN measures LEFT JOIN tally USING (period, level, key, measure)
