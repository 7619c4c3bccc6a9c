-- Eén rij per pilot: de mensen die meededen. Iedereen telt één keer, ook in een totaal.
-- Seen means: logged as a participant anywhere while in this pilot. At present is on the last day.
WITH active AS (
  SELECT p.name, p.label, p.wijk, p.run_by, coalesce(w.label, p.wijk) AS wijk_label,
         w.position AS wijk_order, coalesce(r.label, p.run_by, '') AS run_by_label
    FROM pilots p
    LEFT JOIN places r ON r.name = p.run_by
    LEFT JOIN choices w ON w.form_id = 'place' AND w.list_name = 'wijk' AND w.name = p.wijk
   WHERE coalesce(p.active_from, '') <= :until
     AND coalesce(nullif(p.active_until, ''), '9999') >= :from
),
listed AS (  -- the rows of this sheet: every pilot, every wijk, all of them
  SELECT 'place' AS level, name AS key, name AS code, label, wijk_label AS wijk,
         run_by_label AS run_by, coalesce(run_by, '') AS place,
         wijk_order AS first, name AS then_by
    FROM active
   UNION ALL
  SELECT DISTINCT 'wijk', wijk, '', wijk_label || ' totaal', wijk_label, '', '', wijk_order, ''
    FROM active
   UNION ALL
  SELECT DISTINCT 'total', '', '', 'Zuidwest totaal', '', '', '', 0, ''
    FROM active
)
SELECT r.level AS _level, r.code, r.label, r.wijk, r.run_by,
       max(f.shown) FILTER (WHERE f.measure = '' AND f.now) AS period,
       max(f.doubtful) FILTER (WHERE f.measure = '' AND f.now) AS period_double,
       max(f.shown) FILTER (WHERE f.measure = '' AND f.year) AS year,
       max(f.doubtful) FILTER (WHERE f.measure = '' AND f.year) AS year_double,
       max(f.shown) FILTER (WHERE f.measure = 'present' AND f.now) AS present,
       max(f.doubtful) FILTER (WHERE f.measure = 'present' AND f.now) AS present_double,
       max(f.shown) FILTER (WHERE f.measure = 'enrolled' AND f.now) AS ever,
       max(f.doubtful) FILTER (WHERE f.measure = 'enrolled' AND f.now) AS ever_double
  FROM listed r
  JOIN people_told f ON (f.result, f.level, f.key) = ('people/pilots', r.level, r.key)
 WHERE :place IS NULL OR r.place = :place
 GROUP BY r.level, r.key
 ORDER BY r.first, r.then_by
