-- Ontwikkelagenda voor blijvend geld is vastgesteld
-- result: 4/1.1.3.a
-- pillar: A
-- unit: datum
-- kind: date
-- over: deal
-- good: fewer
-- questions: milestone.status milestone.as_of
-- measure status: Hoe het ervoor staat (status, status)
-- by: 2024-03-31
-- The day since which its milestone stands as reached; n.v.t. as long as it does not.
SELECT p.period, 'total' AS level, '' AS key, '' AS measure, s.reached_on AS value,
       CASE WHEN s.status IS NULL THEN 'not_answered'
            WHEN s.reached_on IS NULL THEN 'not_expected' END AS status
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/1.1.3.a')
 UNION ALL
SELECT p.period, 'total', '', 'status', s.status, iif(s.status IS NULL, 'not_answered', NULL)
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/1.1.3.a')
