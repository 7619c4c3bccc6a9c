-- Eén rij per wijkbedrijf: de mensen die er dit kalenderjaar voor de buurt werkten.
-- Everybody counts once, in a total too. The target is that of one wijkbedrijf.
WITH now AS (
  SELECT period FROM periods
   WHERE (since, until) = (:from, :until) ORDER BY kind = 'deal', position LIMIT 1
),
figures AS (
  SELECT level, key, measure, said(value, status) AS shown, doubted(doubtful, value, status) AS doubtful
    FROM readings
   WHERE result = '4/1.1.2.a' AND period = (SELECT period FROM now)
)
SELECT r.level AS _level, r.code, r.label, r.wijk,
       max(f.shown) FILTER (WHERE f.measure = 'year') AS year,
       max(f.doubtful) FILTER (WHERE f.measure = 'year') AS year_double,
       iif(r.level = 'place', coalesce(a.target, ''), '') AS target,
       max(f.shown) FILTER (WHERE f.measure = 'active') AS active,
       max(f.doubtful) FILTER (WHERE f.measure = 'active') AS active_double,
       max(f.shown) FILTER (WHERE f.measure = '') AS period,
       max(f.shown) FILTER (WHERE f.measure = 'in_pilot') AS in_pilot,
       max(f.shown) FILTER (WHERE f.measure = 'ever') AS ever,
       max(f.shown) FILTER (WHERE f.measure = 'ever_in_pilot') AS ever_in_pilot
  FROM shown r
  JOIN figures f USING (level, key)
  LEFT JOIN places p ON p.name = r.code
  LEFT JOIN aims a ON a.result = '4/1.1.2.a' AND a.period = (SELECT period FROM now)
 WHERE (p.kind = 'wijkbedrijf' OR r.level <> 'place') AND (:place IS NULL OR r.code = :place)
 GROUP BY r.position
 ORDER BY r.position
