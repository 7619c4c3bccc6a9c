-- Loopbaanpaden met een korte opleiding
-- result: 4/2.2.1.b
-- pillar: B
-- unit: loopbaanpaden
-- kind: count
-- over: deal
-- good: more
-- questions: milestone.value milestone.status
-- measure status: Hoe het ervoor staat (status, status)
-- The number of the milestone of the last day.
SELECT p.period, 'total' AS level, '' AS key, '' AS measure, s.value AS value,
       iif(s.value IS NULL, 'not_answered', NULL) AS status
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/2.2.1.b')
 UNION ALL
SELECT p.period, 'total', '', 'status', s.status, iif(s.status IS NULL, 'not_answered', NULL)
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/2.2.1.b')
