-- Eén rij per aantal mensen, periode, plek, wijk of geheel: wat ervan mag worden verteld.
-- `now` is the period of the workbook, `year` the calendar year of its last day so far.
WITH own AS (
  SELECT period FROM periods
   WHERE (since, until) = (:from, :until) ORDER BY kind = 'deal', position LIMIT 1
)
SELECT result, level, key, measure, period = (SELECT period FROM own) AS now,
       period = substr(:until, 1, 4) AS year, period = 'deal' AS deal,
       said(value, status) AS shown, doubted(doubtful, value, status) AS doubtful
  FROM headcounts
