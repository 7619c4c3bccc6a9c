-- Eén rij per wijkbedrijf: hoeveel mensen er voor de buurt werkten, naast het doel.
-- Every person counts once at each company; the target is about each of them.
SELECT p.name AS code, p.label, coalesce(w.label, p.wijk) AS wijk,
       coalesce(said(y.value, y.status), iif(y.status IS NULL, 'n.v.t.', NULL)) AS last_year,
       said(n.value, n.status) AS this_year, a.target
  FROM places p
  JOIN readings n ON (n.result, n.measure, n.level, n.key) = ('4/1.1.2.a', '', 'place', p.name)
   AND n.period = substr(:year_from, 1, 4)
  LEFT JOIN periods b ON b.kind = 'year' AND b.until = date(:year_from, '-1 day')
  LEFT JOIN readings y ON (y.result, y.measure, y.period, y.level, y.key)
                        = (n.result, n.measure, b.period, n.level, n.key)
  LEFT JOIN aims a ON (a.result, a.period) = (n.result, n.period)
  LEFT JOIN choices w ON (w.form_id, w.list_name, w.name) = ('place', 'wijk', p.wijk)
 WHERE p.kind = 'wijkbedrijf'
 ORDER BY p.name
