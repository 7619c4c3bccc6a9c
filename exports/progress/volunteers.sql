-- Eén rij per jaar: hoeveel vrijwilligers een stap vooruit zetten, naast het doel.
-- Of the 14 places; everybody counts once a year. The last year goes up to the cut-off.
SELECT p.label AS year, said(n.value, n.status) AS persons,
       doubted(n.doubtful, n.value, n.status) AS doubtful, a.target
  FROM periods p
  JOIN readings n ON (n.result, n.measure, n.period, n.level)
                   = ('4/1.1.1.g', '', p.period, 'total')
  LEFT JOIN aims a ON (a.result, a.period) = (n.result, n.period)
 WHERE p.kind = 'year'
 ORDER BY p.until
