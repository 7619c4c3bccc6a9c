-- Eén rij per reden en jaar: waarom mensen stopten, over alle plekken samen.
-- Whole calendar years only, never a place or a month. Everybody counts once a year, with the last
-- reason; who goes to another of our places did not leave. The month of a year tells its total.
WITH RECURSIVE years (year) AS (
  SELECT substr(since, 1, 4) FROM deal WHERE substr(since, 1, 4) || '-12-31' <= :until
   UNION ALL
  SELECT CAST(year + 1 AS TEXT) FROM years WHERE (year + 1) || '-12-31' <= :until
),
reasons AS (
  SELECT name AS reason, label, position FROM choices
   WHERE (form_id, list_name) = ('step', 'left_reason') AND name <> 'other_place'
   UNION ALL
  SELECT 'unlisted', 'Nieuw op de lijst', 999 WHERE EXISTS (
    SELECT 1 FROM left_reasons
     WHERE reason NOT IN (SELECT name FROM choices
                           WHERE (form_id, list_name) = ('step', 'left_reason')))
),
listed AS (
  SELECT l.year, coalesce(c.name, 'unlisted') AS reason, sum(l.persons) AS persons
    FROM left_reasons l
    LEFT JOIN choices c
      ON (c.form_id, c.list_name, c.name) = ('step', 'left_reason', l.reason)
   GROUP BY 1, 2
)
SELECT y.year AS _figure, 'place' AS _level, '' AS _group, r.reason AS _place, 1 AS _known,
       y.year, r.label AS reason, coalesce(l.persons, 0) AS persons, r.position AS _position
  FROM years y
  JOIN reasons r
  LEFT JOIN listed l ON (l.year, l.reason) = (y.year, r.reason)
 UNION ALL
SELECT y.year, 'total', '', '', 1, y.year, 'Alle redenen samen',
       (SELECT coalesce(sum(l.persons), 0) FROM listed l WHERE l.year = y.year), 1000
  FROM years y
 ORDER BY year, _position
