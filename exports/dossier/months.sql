-- Eén rij per maand: de uren open, de bezoeken en de uren van vrijwilligers.
WITH RECURSIVE months(month, until) AS (
  SELECT date(:from, 'start of month'), date(:from, 'start of month', '+1 month', '-1 day')
   UNION ALL
  SELECT date(month, '+1 month'), date(month, '+2 months', '-1 day')
    FROM months
   WHERE date(month, '+1 month') <= :until
),
among AS (
  SELECT name AS place
    FROM places
   WHERE kind = 'meeting_place' AND coalesce(active_from, '') <= :from
     AND coalesce(nullif(active_until, ''), '9999') >= :until
),
wanted AS (
  SELECT place, date(due, 'start of month') AS month,
         sum(form_id = 'opening') AS opening, sum(form_id = 'visitors') AS visitors,
         sum(form_id = 'volunteer_hours') AS volunteer_hours
    FROM expected
   WHERE due BETWEEN :from AND :until
   GROUP BY place, date(due, 'start of month')
),
really AS (
  SELECT place, date(date, 'start of month') AS month, count(*) AS records,
         sum(hours) AS hours
    FROM open_hours
   WHERE date BETWEEN :from AND :until
   GROUP BY place, date(date, 'start of month')
),
tally AS (
  SELECT place, date(date, 'start of month') AS month, count(visitors) AS counted,
         sum(visitors) AS visits
    FROM visitors
   WHERE date BETWEEN :from AND :until
   GROUP BY place, date(date, 'start of month')
),
helped AS (
  SELECT place, date(date, 'start of month') AS month, sum(hours) AS hours
    FROM seen
   WHERE role = 'volunteer' AND date BETWEEN :from AND :until
   GROUP BY place, date(date, 'start of month')
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place, m.month AS _figure,
       r.code IN (SELECT place FROM among) AS _among,
       m.month,
       told(o.hours, o.records, e.opening) AS hours_open,
       told(v.visits, v.counted, e.visitors) AS visits,
       told(h.hours, h.hours IS NOT NULL, e.volunteer_hours) AS volunteer_hours
  FROM months m
  JOIN shown r ON r.level = 'place'
  LEFT JOIN wanted e ON (e.place, e.month) = (r.code, m.month)
  LEFT JOIN really o ON (o.place, o.month) = (r.code, m.month)
  LEFT JOIN tally v ON (v.place, v.month) = (r.code, m.month)
  LEFT JOIN helped h ON (h.place, h.month) = (r.code, m.month)
 WHERE :place IS NULL OR r.code = :place
 ORDER BY m.month, r.position
