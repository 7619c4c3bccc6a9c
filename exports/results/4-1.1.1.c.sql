-- Ontmoetingsplekken waar de coördinator betaald werk heeft
-- result: 4/1.1.1.c
-- pillar: A
-- unit: plekken
-- kind: count
-- over: day
-- good: more
-- questions: place_facts.coordinators place_facts.coordinators_paid
-- measure paid: Coördinatoren met een betaalde baan (coördinatoren, count)
-- missing: heeft nog niet elke coördinator betaald werk
-- The 14 only, by the facts in force on the last day: places where every coordinator is paid.
-- A place without a coordinator does not count as one.
WITH facts AS (
  SELECT l.period, l.level, l.key, l.place,
         (SELECT f._id FROM place_facts f
           WHERE f.place = l.place AND f.valid_from <= l.until AND f.coordinators IS NOT NULL
           ORDER BY f.valid_from DESC LIMIT 1) AS _id
    FROM lines l
   WHERE (l.cohort AND l.present) OR l.place IS NULL
),
tally AS (
  SELECT t.period, t.level, t.key, count(t.place) AS there, sum(f.coordinators_paid) AS paid,
         sum(f.coordinators > 0 AND f.coordinators_paid = f.coordinators)
           FILTER (WHERE f.coordinators_paid IS NOT NULL) AS places
    FROM facts t LEFT JOIN place_facts f USING (_id)
   GROUP BY t.period, t.level, t.key
),
told AS (
  SELECT *, iif(there, 'not_answered', 'not_expected') AS unknown FROM tally
)
SELECT period, level, key, '' AS measure, places AS value, places AS numerator,
       iif(places IS NULL, NULL, there) AS denominator,
       iif(places IS NULL, unknown, NULL) AS status
  FROM told
 UNION ALL
SELECT period, level, key, 'paid', paid, NULL, NULL, iif(paid IS NULL, unknown, NULL) FROM told
