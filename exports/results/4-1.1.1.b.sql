-- Coördinatoren die zijn opgeleid
-- result: 4/1.1.1.b
-- pillar: A
-- unit: procent
-- kind: share
-- over: day
-- good: more
-- questions: place_facts.coordinators place_facts.coordinators_trained
-- measure trained: Coördinatoren die zijn opgeleid (coördinatoren, count)
-- measure coordinators: Coördinatoren (coördinatoren, count)
-- missing: zijn nog niet alle coördinatoren opgeleid
-- The 14 only, by the facts in force on the last day. A place without a coordinator has no share.
-- In a share only places count of which both numbers are known.
WITH facts AS (
  SELECT l.period, l.level, l.key, l.place,
         (SELECT f._id FROM place_facts f
           WHERE f.place = l.place AND f.valid_from <= l.until AND f.coordinators IS NOT NULL
           ORDER BY f.valid_from DESC LIMIT 1) AS _id
    FROM lines l
   WHERE (l.cohort AND l.present) OR l.place IS NULL
),
tally AS (
  SELECT t.period, t.level, t.key, count(t.place) AS there,
         sum(f.coordinators) AS coordinators, sum(f.coordinators_trained) AS trained,
         sum(f.coordinators) FILTER (WHERE f.coordinators_trained IS NOT NULL) AS known
    FROM facts t LEFT JOIN place_facts f USING (_id)
   GROUP BY t.period, t.level, t.key
),
told AS (
  SELECT *, iif(there, 'not_answered', 'not_expected') AS unknown FROM tally
)
SELECT period, level, key, '' AS measure, 1.0 * trained / nullif(known, 0) AS value,
       trained AS numerator, known AS denominator,
       CASE WHEN known > 0 THEN NULL WHEN known = 0 THEN 'not_expected' ELSE unknown END AS status
  FROM told
 UNION ALL
SELECT period, level, key, 'trained', trained, NULL, NULL, iif(trained IS NULL, unknown, NULL)
  FROM told
 UNION ALL
SELECT period, level, key, 'coordinators', coordinators, NULL, NULL,
       iif(coordinators IS NULL, unknown, NULL)
  FROM told
