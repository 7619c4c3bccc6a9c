-- Eén rij per ontmoetingsplek: de uren per week van het rooster, naast de nulmeting.
-- The 14 of the covenant, as it stands on the cut-off.
SELECT p.name AS code, p.label, coalesce(w.label, p.wijk) AS wijk,
       said(h.value, h.status) AS hours, said(b.value, b.status) AS baseline,
       said(m.value, m.status) AS more, said(o.value, o.status) AS open
  FROM places p
  JOIN readings h ON (h.result, h.measure, h.level, h.key) = ('4/1.1.1.a', 'hours', 'place', p.name)
   AND h.period = substr(:year_from, 1, 4)
  JOIN readings b ON (b.result, b.measure, b.period, b.level, b.key)
                   = (h.result, 'baseline', h.period, h.level, h.key)
  JOIN readings m ON (m.result, m.measure, m.period, m.level, m.key)
                   = (h.result, 'more', h.period, h.level, h.key)
  LEFT JOIN readings o ON (o.result, o.measure, o.period, o.level, o.key)
                        = (h.result, 'open', 'cutoff', h.level, h.key)
  LEFT JOIN choices w ON (w.form_id, w.list_name, w.name) = ('place', 'wijk', p.wijk)
 WHERE h.status <> 'not_expected'
 ORDER BY p.name
