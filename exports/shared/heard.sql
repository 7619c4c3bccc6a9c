-- Eén rij per periode, formulier en plek: hoeveel er verwacht werden en hoeveel er kwamen.
-- Records of days that were not expected count as received too. A year belongs to the period of its
-- last day, when it falls due. Days before the first period are not read.
WITH told_of AS (
  SELECT min(since) AS since, max(until) AS until FROM periods
),
told AS (
  SELECT form_id, place, due AS day, 1 AS expected, 0 AS received FROM expected
   UNION ALL
  SELECT 'opening', place, date, 0, 1 FROM opening
   WHERE date BETWEEN (SELECT since FROM told_of) AND (SELECT until FROM told_of)
   UNION ALL
  SELECT 'visitors', place, date, 0, 1 FROM visitors
   WHERE date BETWEEN (SELECT since FROM told_of) AND (SELECT until FROM told_of)
   UNION ALL
  SELECT 'volunteer_hours', place, date, 0, 1 FROM volunteer_hours
   WHERE date BETWEEN (SELECT since FROM told_of) AND (SELECT until FROM told_of)
   UNION ALL
  SELECT 'attendance', place, date, 0, 1 FROM attendance
   WHERE date BETWEEN (SELECT since FROM told_of) AND (SELECT until FROM told_of)
   UNION ALL
  SELECT 'volunteer_month', place, month, 0, 1 FROM volunteer_month
   WHERE month BETWEEN (SELECT since FROM told_of) AND (SELECT until FROM told_of)
   UNION ALL
  SELECT 'month_report', place, month, 0, 1 FROM month_report
   WHERE month BETWEEN (SELECT since FROM told_of) AND (SELECT until FROM told_of)
   UNION ALL
  SELECT 'year_report', place, date(year, '+1 year', '-1 day'), 0, 1 FROM year_report
),
counted AS MATERIALIZED (
  SELECT d.stretch, t.form_id, t.place, sum(t.expected) AS expected, sum(t.received) AS received
    FROM told t CROSS JOIN dates d USING (day)
   GROUP BY t.form_id, t.place, d.stretch
)
SELECT s.period, c.form_id, c.place, sum(c.expected) AS expected, sum(c.received) AS received
  FROM counted c JOIN stretches s USING (stretch)
 GROUP BY s.period, c.form_id, c.place
