-- Eén rij per cijfer: van een resultaat, over een periode, van een plek, een wijk of heel Zuidwest.
-- The period reported on, its calendar year and the deal so far. A value that is no number stands in
-- `words`; one that may not be told is empty, with its status. Revised is what differs from the file
-- that was kept when the month was last closed; `revision` is how often it was closed before.
-- The version of a target is the day since which it holds.
WITH asked AS (
  SELECT period, since, until, position FROM periods
   WHERE (since, until) = (:from, :until) OR period IN (substr(:until, 1, 4), 'deal')
),
goals AS (
  SELECT result_id AS result, max(valid_from) AS version FROM target
   WHERE :until BETWEEN valid_from AND coalesce(valid_until, '9999')
   GROUP BY result_id
),
areas AS (
  SELECT 3 AS part, 'zuidwest' AS area, level, key, 'zuidwest' AS code, label, cbs
    FROM geography WHERE level = 'total'
   UNION ALL
  SELECT 2, 'wijk', level, key, key, label, cbs FROM geography WHERE level = 'wijk'
   UNION ALL
  SELECT 1, 'plek', 'place', name, name, label, coalesce(buurt_code, '') FROM places
   UNION ALL
  SELECT 1, 'pilot', 'place', name, name, label, '' FROM pilots
   WHERE name NOT IN (SELECT name FROM places)
),
told AS (
  SELECT g.period || '|' || a.code || '|' || g.result
           || iif(g.measure = '', '', '#' || g.measure) || '|' || coalesce(v.version, '') AS row_key,
         (SELECT count(*) FROM closings c
           WHERE c.month = substr(:until, 1, 7) AND substr(:from, 1, 7) = c.month) AS revision,
         g.period, p.since, p.until, a.area, a.code, a.label AS area_label, a.cbs,
         g.result, g.measure, r.label AS figure,
         iif(typeof(g.value) = 'text' OR g.status IN ('small', 'confidential', 'not_expected'),
             '', g.value) AS value,
         iif(typeof(g.value) = 'text', g.value, '') AS words, r.unit,
         coalesce(g.numerator, '') AS numerator, coalesce(g.denominator, '') AS denominator,
         coalesce(g.doubtful, '') AS doubtful,
         iif(r.kind IN ('count', 'hours', 'euros') AND r.unit <> 'wijken', 'ja', 'nee') AS additive,
         g.status, p.position AS nth, r.position AS place_in_list, a.part
    FROM asked p
    JOIN readings g USING (period)
    JOIN results r USING (result, measure)
    JOIN areas a USING (level, key)
    LEFT JOIN goals v USING (result)
   WHERE :place IS NULL OR (g.level = 'place' AND g.key = :place)
)
SELECT t.row_key, t.revision, t.period, t.since, t.until, t.area, t.code, t.area_label, t.cbs,
       t.result, t.measure, t.figure, t.value, t.words, t.unit, t.numerator, t.denominator,
       t.doubtful, t.additive,
       iif(t.status = 'ok' AND d.row_key IS NOT NULL
             AND (coalesce(t.value, ''), t.words) IS NOT (d.value, d.words),
           'revised', t.status) AS status
  FROM told t
  LEFT JOIN delivered d USING (row_key)
 ORDER BY t.nth, t.place_in_list, t.part, t.code
