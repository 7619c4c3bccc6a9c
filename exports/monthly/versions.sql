-- Eén rij per afspraak en definitie die in dit overzicht gold: streefcijfers, paden, formulieren.
-- What holds on the last day of the period; the query of a result stands in its file. Last come the
-- months of the period that were closed, and what was changed in them since.
WITH named AS (
  SELECT result, title, unit, position FROM results WHERE measure = ''
),
known AS (
  SELECT 1 AS part, 'Resultaat' AS kind, r.result AS name, r.title, '' AS version,
         '' AS value, '' AS value_most, '' AS since, '' AS until, r.file AS source, r.position
    FROM results r WHERE r.measure = ''
   UNION ALL
  SELECT 2, 'Streefcijfer', t.result_id, coalesce(n.title, ''),
         (SELECT count(*) FROM target o
           WHERE o.result_id = t.result_id AND o.valid_from <= t.valid_from),
         t.value, coalesce(t.value_most, ''), t.valid_from, coalesce(t.valid_until, ''),
         t.source, coalesce(n.position, 9999)
    FROM target t LEFT JOIN named n ON n.result = t.result_id
   WHERE :until BETWEEN t.valid_from AND coalesce(t.valid_until, '9999')
   UNION ALL
  SELECT 3, 'Punt op het pad', t.result_id, coalesce(n.title, ''),
         row_number() OVER (PARTITION BY t.result_id ORDER BY t.date),
         t.value, '', t.date, '', t.source, coalesce(n.position, 9999)
    FROM path t LEFT JOIN named n ON n.result = t.result_id
   UNION ALL
  SELECT 4, 'Nulmeting', t.result_id,
         coalesce(n.title, '') || coalesce(', ' || t.place_code, ''), '',
         t.value, '', t.as_of, '', t.source, coalesce(n.position, 9999)
    FROM baseline t LEFT JOIN named n ON n.result = t.result_id
   WHERE t.as_of <= :until
   UNION ALL
  SELECT DISTINCT 5, 'Formulier', q.form_id, q.form, q.version, '', '', '', '',
         'forms/' || q.form_id || '.md', q.form_order
    FROM questions q
   UNION ALL
  SELECT 6, 'Maand', c.month,
         iif(c.reopened_at IS NULL, 'Gesloten', 'Gesloten, en daarna weer geopend'), c.number,
         '', '', substr(c.at, 1, 10), coalesce(substr(c.reopened_at, 1, 10), ''), '', 0
    FROM closings c WHERE c.month BETWEEN substr(:from, 1, 7) AND substr(:until, 1, 7)
   UNION ALL
  SELECT 7, 'Herziening', v.month,
         v.place || ', ' || f.form || ': '
           || CASE v.kind WHEN 'late' THEN 'nagekomen' WHEN 'withdrawn' THEN 'ingetrokken'
                          ELSE 'veranderd' END, '',
         v.number, '', v.first, v.last, '', 0
    FROM revised v JOIN (SELECT DISTINCT form_id, form FROM questions) f USING (form_id)
)
SELECT kind, name, title, version, value, value_most, since, until, source
  FROM known
 ORDER BY part, position, name, since
