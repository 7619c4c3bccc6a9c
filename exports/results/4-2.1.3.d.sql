-- Bijeenkomsten voor ondernemers
-- result: 4/2.1.3.d
-- pillar: B
-- unit: bijeenkomsten
-- kind: count
-- over: year
-- good: more
-- questions: milestone.value milestone.status
-- measure status: Hoe het ervoor staat (status, status)
-- The number of the last milestone; one of an earlier calendar year is not of this one.
-- The number is that of the meetings; how many entrepreneurs were reached is told in words.
SELECT p.period, 'total' AS level, '' AS key, '' AS measure, s.value AS value,
       iif(s.value IS NULL, 'not_answered', NULL) AS status
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/2.1.3.d')
   AND s.this_year
 UNION ALL
SELECT p.period, 'total', '', 'status', s.status, iif(s.status IS NULL, 'not_answered', NULL)
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/2.1.3.d')
