-- Eén rij per resultaat van artikel 4: de cijfers, het pad ernaartoe en hoe het ervoor staat.
-- How it is judged stands in exports/shared/stood.sql. The office may give its judgement until the
-- report goes to the minister, on 15 July.
WITH headline AS (
  SELECT * FROM results WHERE measure = '' AND result LIKE '4/%'
),
total AS (
  SELECT n.result, n.period, p.kind AS span, p.until, n.status,
         coalesce(c.label, n.value) AS value,
         figure(coalesce(c.label, n.value), r.kind, r.unit, n.status)
           || CASE WHEN n.doubtful > 0 THEN ', mogelijk dubbel: ' || n.doubtful ELSE '' END AS told,
         figure(coalesce(c.label, n.value), r.kind, '', n.status) AS bare
    FROM readings n JOIN periods p USING (period) JOIN headline r USING (result)
    LEFT JOIN choices c ON r.kind = 'status'
     AND (c.form_id, c.list_name, c.name) = ('milestone', 'status', n.value)
   WHERE n.level = 'total' AND n.measure = ''
),
course AS (
  SELECT result, group_concat(period || ': ' || coalesce(bare, 'niet ingevuld'), ' → ') AS told
    FROM (SELECT * FROM total WHERE span = 'year' ORDER BY until)
   GROUP BY result
),
opinion AS (
  SELECT j.result_id, j.words, j.confidential, c.label,
         row_number() OVER (PARTITION BY j.result_id ORDER BY j.as_of DESC, j.received_at DESC)
           AS nth
    FROM judgement j
    LEFT JOIN choices c
      ON (c.form_id, c.list_name, c.name) = ('judgement', 'judgement', j.judgement)
   WHERE j.as_of < substr(:until, 1, 4) || '-07-15'
)
SELECT r.result AS code, r.title,
       CASE WHEN b.status IN ('small', 'confidential') THEN figure(NULL, r.kind, r.unit, b.status)
            ELSE coalesce(figure(n.baseline, r.kind, r.unit, NULL),
                          figure(m.value, 'hours', 'uren per week', m.status), 'geen nulmeting')
       END AS baseline,
       y.told AS last_year, t.told AS this_year,
       coalesce(CASE WHEN s.target_most IS NULL THEN figure(s.target, r.kind, r.unit, NULL)
                       ELSE figure(s.target, r.kind, '', NULL) || ' tot '
                            || figure(s.target_most, r.kind, r.unit, NULL)
                  END || CASE WHEN s.companies THEN ' per wijkbedrijf' ELSE '' END,
                'geen getal') AS target,
       coalesce(figure(s.path, r.kind, r.unit, NULL), 'geen pad') AS path,
       c.told AS course,
       judged_word(s.judged) AS judged,
       because(s.judged, s.value, s.path, r.kind, r.unit, s.status, s.told_when, s.target)
         AS reason,
       CASE WHEN o.confidential = 'OK' THEN 'vertrouwelijk'
            ELSE coalesce(o.label, 'geen oordeel') END AS office,
       CASE WHEN o.confidential = 'OK' THEN '' ELSE coalesce(o.words, '') END AS words
  FROM headline r
  LEFT JOIN stood s USING (result)
  LEFT JOIN course c USING (result)
  LEFT JOIN total t ON t.result = r.result AND t.period = substr(:year_from, 1, 4)
  LEFT JOIN total y ON y.result = r.result AND y.span = 'year'
   AND y.until = date(:year_from, '-1 day')
  LEFT JOIN total b ON b.result = r.result AND b.period = 'deal'
  LEFT JOIN aims n ON n.result = r.result AND n.period = substr(:year_from, 1, 4)
  LEFT JOIN readings m ON (m.result, m.measure, m.period, m.level)
                        = (r.result, 'baseline', substr(:year_from, 1, 4), 'total')
  LEFT JOIN opinion o ON o.result_id = r.result AND o.nth = 1
 ORDER BY r.position
