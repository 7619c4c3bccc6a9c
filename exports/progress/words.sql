-- Eén rij per zin: wat een cijfer zegt, klaar om over te nemen.
-- A figure of a year is that of the last whole one; the rest is that of the cut-off. To say more of
-- each place, add a line to `phrases`: {n} is the figure, {when} the year.
WITH phrases (result, measure, phrase, beside) AS (
  VALUES ('4/1.1.1.a', 'hours', 'was {n} per week open', 'baseline'),
         ('4/1.1.1.g', '', 'hielp {n} een stap vooruit {when}', NULL),
         ('4/1.1.2.a', '', 'zag {n} werken voor de buurt {when}', NULL)
),
figures AS (
  SELECT r.*, p.period, p.until,
         CASE WHEN r.over = 'year' AND p.until < :year_from THEN 'in ' || p.period
              WHEN r.over = 'day' THEN 'op ' || figure(p.until, 'date', NULL, NULL)
              ELSE 'tot en met ' || figure(p.until, 'date', NULL, NULL) END AS told_when
    FROM results r
    JOIN periods p ON p.kind = 'year'
     AND (p.until < :year_from) = (r.over = 'year' AND EXISTS (
           SELECT 1 FROM periods b WHERE b.kind = 'year' AND b.until < :year_from))
     AND p.until >= date(:year_from, '-1 year')
   WHERE r.result LIKE '4/%'
),
told AS (
  SELECT f.result, f.title, f.position, 0 AS part, '' AS place,
         in_words(': {n}'
                    || CASE WHEN n.denominator IS NULL OR f.kind <> 'count' THEN ''
                            ELSE ' van de ' || n.denominator END
                    || CASE f.kind WHEN 'date' THEN '' WHEN 'yes_no' THEN ', {when}'
                                   WHEN 'status' THEN ', {when}' ELSE ' {when}' END,
                  f.title, coalesce(c.label, n.value), f.kind, f.unit, n.status, f.told_when, NULL)
           AS sentence
    FROM figures f
    JOIN readings n ON (n.result, n.measure, n.period, n.level) = (f.result, '', f.period, 'total')
    LEFT JOIN choices c ON f.kind = 'status'
     AND (c.form_id, c.list_name, c.name) = ('milestone', 'status', n.value)
   WHERE f.measure = ''
   UNION ALL
  SELECT f.result, h.title, h.position, 1, n.key,
         in_words(w.phrase, n.key, n.value, f.kind, f.unit, n.status, f.told_when,
                  CASE WHEN w.beside IS NULL THEN NULL
                       WHEN b.value IS NULL THEN 'geen nulmeting' ELSE b.value END)
    FROM phrases w
    JOIN figures f USING (result, measure)
    JOIN results h ON h.result = f.result AND h.measure = ''
    JOIN readings n ON (n.result, n.measure, n.period, n.level)
                     = (f.result, f.measure, f.period, 'place')
    LEFT JOIN readings b ON (b.result, b.measure, b.period, b.level, b.key)
                          = (n.result, w.beside, n.period, 'place', n.key)
)
SELECT result AS code, title, place, sentence
  FROM told
 WHERE sentence IS NOT NULL
 ORDER BY position, result, part, place
