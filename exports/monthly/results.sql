-- Eén rij per resultaat van het convenant: deze periode, dit jaar en de hele deal naast de afspraak.
-- Of one place the figures are its own; baseline, target and path are always of all together.
-- A status, yes or no, or a day stands in words and has no trend; a month before the deal is empty.
WITH figures AS (
  SELECT g.result, g.period,
         said(CASE r.kind WHEN 'yes_no' THEN CASE g.value WHEN 0 THEN 'nee' WHEN 1 THEN 'ja' END
                          WHEN 'status' THEN coalesce(c.label, g.value)
                          ELSE g.value END, g.status) AS shown,
         iif(r.kind IN ('persons', 'steps'), doubted(g.doubtful, g.value, g.status), '') AS doubtful
    FROM readings g
    JOIN results r ON r.result = g.result AND r.measure = ''
    LEFT JOIN choices c
      ON (c.form_id, c.list_name, c.name) = ('milestone', 'status', g.value) AND r.kind = 'status'
   WHERE g.measure = '' AND g.level = iif(:place IS NULL, 'total', 'place')
     AND g.key = coalesce(:place, '')
),
listed AS (
  SELECT *, kind NOT IN ('status', 'yes_no', 'date') AS counts
    FROM results WHERE measure = '' AND result IN (SELECT result FROM figures)
),
trend AS (
  SELECT r.result, n.value AS back,
         iif(r.counts AND f.period IS NOT NULL, f.shown, '') AS shown
    FROM listed r
    JOIN json_each('[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]') n
    LEFT JOIN figures f ON f.result = r.result
     AND f.period = strftime('%Y-%m', :until, 'start of month', '-' || n.value || ' months')
),
now AS (
  SELECT period FROM periods
   WHERE (since, until) = (:from, :until) ORDER BY kind = 'deal', position LIMIT 1
)
SELECT CASE WHEN r.kind IN ('persons', 'steps', 'count') THEN 'integer'
            WHEN r.kind = 'share' AND r.unit = 'procent' THEN 'percent'
            WHEN r.kind IN ('hours', 'share') THEN 'decimal'
            WHEN r.kind = 'euros' THEN 'euro'
            WHEN r.kind = 'date' THEN 'date' ELSE 'text' END AS _format,
       r.result, r.title, r.pillar, r.unit,
       p.shown AS period, p.doubtful AS period_double,
       y.shown AS year, y.doubtful AS year_double,
       d.shown AS deal, d.doubtful AS deal_double,
       CASE WHEN NOT r.counts THEN 'n.v.t.' ELSE coalesce(a.baseline, 'geen nulmeting') END
         AS baseline,
       iif(r.counts, coalesce(a.target, ''), '') AS target,
       iif(r.counts, coalesce(a.target_most, ''), '') AS target_most,
       iif(r.counts, coalesce(a.path, 'geen pad afgesproken'), 'n.v.t.') AS path,
       max(t.shown) FILTER (WHERE t.back = 12) AS m12,
       max(t.shown) FILTER (WHERE t.back = 11) AS m11,
       max(t.shown) FILTER (WHERE t.back = 10) AS m10,
       max(t.shown) FILTER (WHERE t.back = 9) AS m9,
       max(t.shown) FILTER (WHERE t.back = 8) AS m8,
       max(t.shown) FILTER (WHERE t.back = 7) AS m7,
       max(t.shown) FILTER (WHERE t.back = 6) AS m6,
       max(t.shown) FILTER (WHERE t.back = 5) AS m5,
       max(t.shown) FILTER (WHERE t.back = 4) AS m4,
       max(t.shown) FILTER (WHERE t.back = 3) AS m3,
       max(t.shown) FILTER (WHERE t.back = 2) AS m2,
       max(t.shown) FILTER (WHERE t.back = 1) AS m1,
       max(t.shown) FILTER (WHERE t.back = 0) AS m0
  FROM listed r
  JOIN trend t USING (result)
  LEFT JOIN figures p ON (p.result, p.period) = (r.result, (SELECT period FROM now))
  LEFT JOIN figures y ON (y.result, y.period) = (r.result, substr(:until, 1, 4))
  LEFT JOIN figures d ON (d.result, d.period) = (r.result, 'deal')
  LEFT JOIN aims a ON (a.result, a.period) = (r.result, (SELECT period FROM now))
 GROUP BY r.position
 ORDER BY r.pillar, r.position
