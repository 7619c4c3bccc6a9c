-- Eén rij per initiatief van artikel 3: hoe het ervoor staat en wat er gebeurde.
-- The state is the last one that the office gave up to the cut-off.
WITH latest AS (
  SELECT m.*, row_number() OVER (PARTITION BY result_id ORDER BY as_of DESC, received_at DESC) AS nth
    FROM milestone m
   WHERE as_of <= :until
)
SELECT i.code, i.title, coalesce(g.label, '') AS goal, s.label AS status,
       CASE WHEN m.as_of >= :from THEN m.explanation END AS progress,
       m.as_of, coalesce(i.results, '') AS results, coalesce(m.owner, i.owner, '') AS owner
  FROM initiative i
  LEFT JOIN latest m ON m.result_id = i.code AND m.nth = 1
  LEFT JOIN choices g ON (g.form_id, g.list_name, g.name) = ('initiative', 'goal', i.goal)
  LEFT JOIN choices s ON (s.form_id, s.list_name, s.name) = ('milestone', 'status', m.status)
 ORDER BY i.code
