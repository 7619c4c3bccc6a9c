-- Eén rij per maand, met de twaalf maanden ervoor: bezoeken, uren open en uren van mensen.
-- Of all places together, or of one. `heard` says per form whether anything came or was to come.
WITH months AS (
  SELECT p.period, p.since, p.until, p.position,
         substr('jan feb mrt apr mei jun jul aug sep okt nov dec',
                4 * substr(p.period, 6) - 3, 3) || ' ' || substr(p.period, 3, 2) AS month
    FROM periods p WHERE p.kind = 'month'
   ORDER BY p.since DESC LIMIT 13
),
here AS (
  SELECT place FROM scope WHERE level = 'total' AND (:place IS NULL OR place = :place)
),
came AS (
  SELECT h.period, h.form_id, sum(h.expected) AS expected, sum(h.received) AS received
    FROM here JOIN heard h USING (place)
   GROUP BY h.period, h.form_id
),
visited AS (
  SELECT m.period, sum(v.visitors) AS visits, count(v.visitors) AS counted
    FROM visitors v CROSS JOIN months m ON v.date BETWEEN m.since AND m.until
   WHERE v.date BETWEEN (SELECT min(since) FROM months) AND (SELECT max(until) FROM months)
     AND v.place IN here
   GROUP BY m.period
),
opened AS (
  SELECT m.period, sum(o.hours) AS hours
    FROM months m JOIN open_hours o ON o.date BETWEEN m.since AND m.until
   WHERE o.place IN here
   GROUP BY m.period
),
worked AS (
  SELECT m.period, sum(n.hours) FILTER (WHERE n.role = 'volunteer') AS volunteers,
         sum(n.hours) FILTER (WHERE n.role = 'participant') AS participants,
         sum(n.hours) FILTER (WHERE n.role = 'participant' AND n.useful) AS useful
    FROM months m JOIN stretches s USING (period) JOIN presence n USING (stretch)
   WHERE n.place IN here
   GROUP BY m.period
)
SELECT m.month,
       told(v.visits, v.counted, cv.expected) AS visits,
       told(coalesce(v.counted, 0), cv.received, cv.expected) AS counted,
       told(1.0 * v.visits / v.counted, v.counted, cv.expected) AS average,
       told(coalesce(o.hours, 0), co.received, co.expected) AS hours_open,
       told(coalesce(w.volunteers, 0), ch.received, ch.expected) AS volunteers,
       told(coalesce(w.participants, 0), ca.received, ca.expected) AS participants,
       told(coalesce(w.useful, 0), ca.received, ca.expected) AS useful
  FROM months m
  LEFT JOIN visited v USING (period)
  LEFT JOIN opened o USING (period)
  LEFT JOIN worked w USING (period)
  LEFT JOIN came cv ON (cv.period, cv.form_id) = (m.period, 'visitors')
  LEFT JOIN came co ON (co.period, co.form_id) = (m.period, 'opening')
  LEFT JOIN came ch ON (ch.period, ch.form_id) = (m.period, 'volunteer_hours')
  LEFT JOIN came ca ON (ca.period, ca.form_id) = (m.period, 'attendance')
 ORDER BY m.since
