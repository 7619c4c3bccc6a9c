-- Eén rij per periode en resultaat: de mijlpaal die geldt op de laatste dag.
-- `reached_on` is the day since which it stands as reached without a break.
WITH known AS (
  SELECT p.period, p.until, m.result_id, m.as_of, m.status, m.value,
         row_number() OVER (PARTITION BY p.period, m.result_id ORDER BY m.as_of DESC) AS back,
         sum(m.status NOT IN ('reached', 'secured'))
           OVER (PARTITION BY p.period, m.result_id ORDER BY m.as_of DESC) AS breaks
    FROM periods p JOIN milestone m ON m.as_of <= p.until
)
SELECT k.period, k.result_id, k.as_of, k.status, k.value,
       substr(k.as_of, 1, 4) = substr(k.until, 1, 4) AS this_year,
       k.status IN ('reached', 'secured') AS reached,
       (SELECT min(b.as_of) FROM known b
         WHERE (b.period, b.result_id, b.breaks) = (k.period, k.result_id, 0)) AS reached_on
  FROM known k
 WHERE k.back = 1
