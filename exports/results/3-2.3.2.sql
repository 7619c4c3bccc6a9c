-- De Meppel als plek voor jongeren
-- result: 3/2.3.2
-- pillar: B
-- unit: status
-- kind: status
-- over: day
-- good: none
-- questions: initiative.code milestone.status milestone.explanation
-- What the office last said of this initiative, on the last day; its words stand in the milestone.
SELECT p.period, 'total' AS level, '' AS key, '' AS measure, s.status AS value,
       iif(s.status IS NULL, 'not_answered', NULL) AS status
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '3/2.3.2')
