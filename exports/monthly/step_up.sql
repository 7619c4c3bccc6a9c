-- Eén rij per maand: vrijwilligers met een stap vooruit in dat kalenderjaar, tot en met die maand.
-- Of the 14 of the covenant; everybody counts once a year, so months are never added up. The target
-- is that of all places together: of one place it is not told.
WITH months AS (
  SELECT p.period, p.since, p.until,
         substr('jan feb mrt apr mei jun jul aug sep okt nov dec',
                4 * substr(p.period, 6) - 3, 3) || ' ' || substr(p.period, 3, 2) AS month
    FROM periods p WHERE p.kind = 'month'
   ORDER BY p.since DESC LIMIT 13
),
figures AS (
  SELECT period, measure, said(value, status) AS shown, doubted(doubtful, value, status) AS doubtful
    FROM readings
   WHERE result = '4/1.1.1.g' AND level = iif(:place IS NULL, 'total', 'place')
     AND key = coalesce(:place, '')
)
SELECT m.month,
       max(f.shown) FILTER (WHERE f.measure = 'year') AS so_far,
       max(f.doubtful) FILTER (WHERE f.measure = 'year') AS so_far_double,
       iif(:place IS NULL, coalesce(a.target, ''), 'n.v.t.') AS target,
       max(f.shown) FILTER (WHERE f.measure = 'allowance') AS allowance,
       max(f.shown) FILTER (WHERE f.measure = 'offered') AS offered,
       max(f.shown) FILTER (WHERE f.measure = 'started') AS started,
       max(f.shown) FILTER (WHERE f.measure = 'done') AS done,
       max(f.shown) FILTER (WHERE f.measure = 'paid_work') AS paid_work
  FROM months m
  JOIN figures f USING (period)
  LEFT JOIN aims a ON (a.result, a.period) = ('4/1.1.1.g', m.period)
 GROUP BY m.period
 ORDER BY m.since
