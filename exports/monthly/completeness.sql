-- Eén rij per plek: welk deel van wat wij verwachtten er is binnengekomen.
-- Closed days expect nothing. A month counts in the period in which it ends, a year in December
-- and in the year. Forms without a column here do count in expected and received.
WITH tally AS (
  SELECT *, 1.0 * received / expected AS complete FROM due
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       coalesce(sum(t.expected), 0) AS expected,
       coalesce(sum(t.received), 'n.v.t.') AS received,
       coalesce(1.0 * sum(t.received) / sum(t.expected), 'n.v.t.') AS complete,
       coalesce(sum(t.complete) FILTER (WHERE t.form_id = 'opening'), 'n.v.t.') AS opening,
       coalesce(sum(t.complete) FILTER (WHERE t.form_id = 'visitors'), 'n.v.t.') AS visitors,
       coalesce(sum(t.complete) FILTER (WHERE t.form_id = 'volunteer_hours'), 'n.v.t.')
         AS volunteer_hours,
       coalesce(sum(t.complete) FILTER (WHERE t.form_id = 'attendance'), 'n.v.t.') AS attendance,
       coalesce(sum(t.complete) FILTER (WHERE t.form_id = 'volunteer_month'), 'n.v.t.')
         AS volunteer_month,
       coalesce(sum(t.complete) FILTER (WHERE t.form_id = 'month_report'), 'n.v.t.')
         AS month_report,
       coalesce(sum(t.complete) FILTER (WHERE t.form_id = 'year_report'), 'n.v.t.') AS year_report
  FROM shown r
  LEFT JOIN tally t USING (level, key)
 WHERE :place IS NULL OR r.code = :place
 GROUP BY r.position
 ORDER BY r.position
