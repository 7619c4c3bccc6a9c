-- Wijken met een wijkbedrijf
-- result: 4/2.5.a
-- pillar: B
-- unit: wijken
-- kind: count
-- over: day
-- good: more
-- questions: place.kind place.wijk
-- measure companies: Wijkbedrijven (plekken, count)
-- missing: is nog geen wijkbedrijf
-- Those that take part on the last day. Of a wijk: 1 or 0.
WITH tally AS (
  SELECT period, level, key, count(place) FILTER (WHERE present) AS companies,
         count(DISTINCT wijk) FILTER (WHERE present) AS wijken
    FROM lines
   WHERE level <> 'place' AND (kind = 'wijkbedrijf' OR place IS NULL)
   GROUP BY period, level, key
)
SELECT period, level, key, '' AS measure, wijken AS value FROM tally
 UNION ALL
SELECT period, level, key, 'companies', companies FROM tally
