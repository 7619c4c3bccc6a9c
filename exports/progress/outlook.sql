-- Eén rij per vooruitblik: wat er met een resultaat gaat gebeuren, en wat plekken zelf verwachten.
-- What a place wrote is here once the office has read it; the year is the last one that was told of.
WITH latest AS (
  SELECT m.*, row_number() OVER (PARTITION BY result_id ORDER BY as_of DESC, received_at DESC) AS nth
    FROM milestone m
   WHERE as_of <= :until
),
secret AS (
  SELECT result_id, confidential,
         row_number() OVER (PARTITION BY result_id ORDER BY as_of DESC, received_at DESC) AS nth
    FROM judgement
),
told AS (
  SELECT 1 AS part, substr(m.result_id, 1, 1) AS article, m.result_id AS code,
         coalesce(i.title, r.title, m.result_id) AS about, s.label AS status,
         CASE WHEN r.result IS NULL OR r.result LIKE '3/%' THEN 'n.v.t.'
              ELSE coalesce(figure(a.baseline, r.kind, r.unit, NULL), 'geen nulmeting')
         END AS baseline,
         m.outlook, m.as_of
    FROM latest m
    LEFT JOIN results r ON r.result = m.result_id AND r.measure = ''
    LEFT JOIN aims a ON a.result = r.result AND a.period = substr(:year_from, 1, 4)
    LEFT JOIN initiative i ON i.code = m.result_id
    LEFT JOIN choices s ON (s.form_id, s.list_name, s.name) = ('milestone', 'status', m.status)
    LEFT JOIN secret x ON x.result_id = m.result_id AND x.nth = 1
   WHERE m.nth = 1 AND coalesce(m.outlook, '') <> '' AND coalesce(x.confidential, '') <> 'OK'
   UNION ALL
  SELECT 2, '', y.place, p.label, 'Jaarverslag ' || substr(y.year, 1, 4),
         CASE WHEN p.kind <> 'meeting_place' THEN 'n.v.t.'
              ELSE coalesce((SELECT figure(weekly_hours(b.spec), 'hours', 'uren per week', NULL)
                               FROM baselines b
                              WHERE b.place = y.place
                                AND :until BETWEEN b.valid_from AND coalesce(b.valid_until, '9999')),
                            'geen nulmeting')
         END,
         y.outlook, y.year
    FROM year_report y JOIN places p ON p.name = y.place
   WHERE y.year BETWEEN date(:year_from, '-1 year') AND date(:year_from, '-1 day')
     AND y._id IN (SELECT row FROM passed)
)
SELECT code, about, status, baseline, outlook,
       CASE part WHEN 1 THEN as_of ELSE '' END AS as_of
  FROM told
 ORDER BY part, article DESC, code
