-- Eén rij per periode en resultaat: wat er op de laatste dag is afgesproken, en de nulmeting.
-- Of two targets that hold on that day the one that began last counts. Between two points the path
-- runs straight, after the last it stays there, before the first there is none. The baseline is
-- that of all places together; those of one place stand in `baseline`.
WITH named AS (
  SELECT result_id FROM target
   UNION
  SELECT result_id FROM path
   UNION
  SELECT result_id FROM baseline WHERE place_code IS NULL
),
agreed AS (
  SELECT p.period, t.*,
         row_number() OVER (PARTITION BY p.period, t.result_id ORDER BY t.valid_from DESC) AS back
    FROM periods p
    JOIN target t ON p.until BETWEEN t.valid_from AND coalesce(t.valid_until, '9999')
),
course AS (
  SELECT result_id, json_group_array(json_array(date, value)) AS points, min(date) AS first
    FROM path GROUP BY result_id
),
sources AS (
  SELECT result_id, group_concat(source, '; ') AS source
    FROM (SELECT result_id, source FROM path GROUP BY result_id, source ORDER BY min(date))
   GROUP BY result_id
)
SELECT p.period, n.result_id AS result,
       t.value AS target, t.value_most AS target_most, t.valid_from AS target_from,
       t.valid_until AS target_until, t.source AS target_source,
       on_path(c.points, p.until) AS path,
       CASE WHEN c.first <= p.until THEN s.source END AS path_source,
       b.value AS baseline, b.as_of AS baseline_as_of, b.source AS baseline_source
  FROM periods p CROSS JOIN named n
  LEFT JOIN agreed t ON (t.period, t.result_id, t.back) = (p.period, n.result_id, 1)
  LEFT JOIN course c ON c.result_id = n.result_id
  LEFT JOIN sources s ON s.result_id = n.result_id
  LEFT JOIN baseline b ON b.result_id = n.result_id AND b.place_code IS NULL
