-- Bewoners en overheid werken samen in de Werkplaats Participatie
-- result: 4/1.2.1.a
-- pillar: A
-- unit: status
-- kind: status
-- over: day
-- good: none
-- questions: milestone.status milestone.value
-- measure value: Het getal dat erbij hoort (aantal, count)
-- The milestone of the last day, and its number if it has one.
SELECT p.period, 'total' AS level, '' AS key, '' AS measure, s.status AS value,
       iif(s.status IS NULL, 'not_answered', NULL) AS status
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/1.2.1.a')
 UNION ALL
SELECT p.period, 'total', '', 'value', s.value, iif(s.value IS NULL, 'not_answered', NULL)
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/1.2.1.a')
