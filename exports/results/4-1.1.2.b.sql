-- Blijvende subsidie voor wijkbedrijven
-- result: 4/1.1.2.b
-- pillar: A
-- unit: ja of nee
-- kind: yes_no
-- over: day
-- good: more
-- questions: milestone.status
-- measure status: Hoe het ervoor staat (status, status)
-- It exists when its milestone of the last day is reached.
SELECT p.period, 'total' AS level, '' AS key, '' AS measure, s.reached AS value,
       iif(s.reached IS NULL, 'not_answered', NULL) AS status
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/1.1.2.b')
 UNION ALL
SELECT p.period, 'total', '', 'status', s.status, iif(s.status IS NULL, 'not_answered', NULL)
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/1.1.2.b')
