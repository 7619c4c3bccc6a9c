-- Blijvende subsidie voor wijkbedrijven en instapeconomie
-- result: 4/2.5.3.a
-- pillar: B
-- unit: ja of nee
-- kind: yes_no
-- over: day
-- good: more
-- questions: milestone.status
-- measure status: Hoe het ervoor staat (status, status)
-- It exists when its milestone of the last day is reached.
SELECT p.period, 'total' AS level, '' AS key, '' AS measure, s.reached AS value,
       iif(s.reached IS NULL, 'not_answered', NULL) AS status
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/2.5.3.a')
 UNION ALL
SELECT p.period, 'total', '', 'status', s.status, iif(s.status IS NULL, 'not_answered', NULL)
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/2.5.3.a')
