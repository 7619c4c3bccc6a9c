-- Eén rij per resultaat: het cijfer waarop het wordt beoordeeld, wat er is afgesproken, en het oordeel.
-- What a year is for is judged on the last whole year, anything else on the last day. Where the
-- covenant wants a number of each wijkbedrijf, the mean of them is judged.
WITH headline AS (
  SELECT r.*,
         CASE r.over
           WHEN 'year' THEN coalesce(
             (SELECT period FROM periods
               WHERE kind = 'year' AND until <= :until AND until LIKE '%-12-31'
               ORDER BY until DESC LIMIT 1),
             substr(:until, 1, 4))
           WHEN 'month' THEN substr(:until, 1, 7)
           WHEN 'deal' THEN 'deal'
           ELSE substr(:until, 1, 4)
         END AS period
    FROM results r
   WHERE r.measure = ''
),
divided AS (
  SELECT result, period, count(*) AS companies
    FROM readings
   WHERE result = '4/1.1.2.a' AND measure = '' AND level = 'place' AND status <> 'not_expected'
   GROUP BY result, period
),
found AS (
  SELECT h.result, h.kind, h.unit, h.good, h.position, h.period, p.since, p.until, d.companies,
         t.status,
         CASE WHEN d.companies THEN 1.0 * t.value / d.companies
              ELSE coalesce(c.label, t.value) END AS value,
         CASE WHEN h.over = 'year' AND p.until LIKE '%-12-31' THEN 'in ' || h.period
              WHEN h.over = 'deal'
              THEN 'vanaf het begin tot en met ' || figure(p.until, 'date', NULL, NULL)
              WHEN h.over = 'month' THEN 'in ' || p.label
              WHEN h.over = 'day' THEN 'op ' || figure(p.until, 'date', NULL, NULL)
              ELSE 'in ' || h.period || ' tot en met ' || figure(p.until, 'date', NULL, NULL)
         END || CASE WHEN d.companies THEN ', gemiddeld per wijkbedrijf' ELSE '' END AS told_when,
         a.target, a.target_most, a.target_source, a.path, a.path_source,
         a.baseline, a.baseline_as_of, a.baseline_source
    FROM headline h
    JOIN periods p USING (period)
    JOIN readings t ON (t.result, t.measure, t.period, t.level)
                     = (h.result, '', h.period, 'total')
    LEFT JOIN choices c ON h.kind = 'status'
     AND (c.form_id, c.list_name, c.name) = ('milestone', 'status', t.value)
    LEFT JOIN divided d ON (d.result, d.period) = (h.result, h.period)
    LEFT JOIN aims a ON (a.result, a.period) = (h.result, h.period)
)
SELECT f.*,
       judged(CASE WHEN typeof(f.value) <> 'text' THEN f.value END, f.path, f.good, f.target_most)
         AS judged
  FROM found f
