-- Minder jongeren stoppen te vroeg met het mbo
-- result: 4/2.3.1.b
-- pillar: B
-- unit: status
-- kind: status
-- over: day
-- good: none
-- questions: milestone.status milestone.value
-- measure value: Het getal dat erbij hoort (aantal, count)
-- The milestone of the last day, and its number if it has one.
SELECT p.period, 'total' AS level, '' AS key, '' AS measure, s.status AS value,
       iif(s.status IS NULL, 'not_answered', NULL) AS status
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/2.3.1.b')
 UNION ALL
SELECT p.period, 'total', '', 'value', s.value, iif(s.value IS NULL, 'not_answered', NULL)
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/2.3.1.b')
