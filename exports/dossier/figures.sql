-- Eén rij per onderwerp: wat deze plek deed, en wat de ontmoetingsplekken gemiddeld deden.
-- Rows of one figure hold every place. Headcounts are those that the other workbooks tell. The
-- schedule and the baseline are those in force on the last day. A step up: an allowance in the
-- calendar year, and coaching offered then or before.
WITH among AS (
  SELECT name AS place
    FROM places
   WHERE kind = 'meeting_place' AND coalesce(active_from, '') <= :from
     AND coalesce(nullif(active_until, ''), '9999') >= :until
),
listed(position, figure, about, label, format) AS (
  VALUES
    (1, 'hours', 'Openingstijden', 'Uren per week volgens het rooster', 'decimal'),
    (2, 'baseline', 'Openingstijden', 'Uren per week bij de nulmeting', 'decimal'),
    (3, 'difference', 'Openingstijden', 'Verschil met de nulmeting', 'difference'),
    (4, 'days_week', 'Openingstijden', 'Dagen per week', 'integer'),
    (5, 'evening', 'Openingstijden', 'Uren per week in de avond (na 18 uur)', 'decimal'),
    (6, 'weekend', 'Openingstijden', 'Uren per week in het weekend', 'decimal'),
    (7, 'hours_open', 'Openingstijden', 'Uren echt open', 'decimal'),
    (8, 'days_open', 'Openingstijden', 'Dagen open', 'integer'),
    (9, 'days_missing', 'Openingstijden', 'Dagen niet ingevuld', 'integer'),
    (10, 'visits', 'Bezoeken', 'Bezoeken', 'integer'),
    (11, 'average', 'Bezoeken', 'Bezoeken per geteld dagdeel', 'decimal'),
    (12, 'new_visitors', 'Bezoeken', 'Voor het eerst', 'integer'),
    (13, 'counted', 'Bezoeken', 'Dagdelen geteld', 'integer'),
    (14, 'volunteers', 'Vrijwilligers', 'Vrijwilligers gezien', 'integer'),
    (15, 'volunteers_double', 'Vrijwilligers', 'waarvan mogelijk dubbel', 'integer'),
    (16, 'volunteer_hours', 'Vrijwilligers', 'Uren van vrijwilligers', 'decimal'),
    (17, 'allowance', 'Vrijwilligers', 'Kreeg een vergoeding', 'integer'),
    (18, 'offered', 'Vrijwilligers', 'Kreeg coaching aangeboden', 'integer'),
    (19, 'step_up', 'Vrijwilligers', 'Vergoeding en aanbod van coaching', 'integer'),
    (20, 'checked', 'Programma', 'Keer met bewoners besproken', 'integer')
),
week AS (
  SELECT p.name AS key, p.kind, weekly_hours(g.spec) AS hours, open_days(g.spec) AS days,
         evening_hours(g.spec) AS evening, weekend_hours(g.spec) AS weekend,
         weekly_hours(b.spec) AS baseline
    FROM places p
    LEFT JOIN regular g ON g.place = p.name
     AND :until BETWEEN g.valid_from AND coalesce(g.valid_until, '9999')
    LEFT JOIN baselines b ON b.place = p.name
     AND :until BETWEEN b.valid_from AND coalesce(b.valid_until, '9999')
),
really AS (
  SELECT place AS key, count(*) AS records, sum(open) AS days, sum(hours) AS hours
    FROM open_hours
   WHERE date BETWEEN :from AND :until
   GROUP BY place
),
tally AS (
  SELECT place AS key, count(*) AS records, count(visitors) AS counted, sum(visitors) AS visits,
         avg(visitors) AS average, sum(new_visitors) AS new_visitors
    FROM visitors
   WHERE date BETWEEN :from AND :until
   GROUP BY place
),
worked AS (
  SELECT place AS key, sum(hours) AS hours
    FROM seen
   WHERE role = 'volunteer' AND date BETWEEN :from AND :until
   GROUP BY place
),
helpers AS (
  SELECT key, max(shown) FILTER (WHERE measure = '') AS persons,
         max(doubtful) FILTER (WHERE measure = '') AS doubles,
         max(shown) FILTER (WHERE measure = 'allowance') AS allowance,
         max(shown) FILTER (WHERE measure = 'offered') AS offered,
         max(shown) FILTER (WHERE measure = 'step_up') AS step_up
    FROM people_told
   WHERE result = 'people/volunteers' AND level = 'place'
     AND iif(measure = 'step_up', year, now)
   GROUP BY key
),
reported AS (
  SELECT place AS key, count(*) AS records, count(DISTINCT programme_checked) AS checked
    FROM month_report
   WHERE month BETWEEN :from AND :until
   GROUP BY place
)
SELECT r.level AS _level, r.code AS _place, l.figure AS _figure, l.format AS _format,
       r.code IN (SELECT place FROM among) AS _among,
       l.about, l.label,
       CASE l.figure
         WHEN 'hours' THEN w.hours
         WHEN 'baseline' THEN coalesce(w.baseline, 'geen nulmeting')
         WHEN 'difference'
         THEN CASE WHEN w.baseline IS NULL THEN 'geen nulmeting' ELSE w.hours - w.baseline END
         WHEN 'days_week' THEN w.days
         WHEN 'evening' THEN w.evening
         WHEN 'weekend' THEN w.weekend
         WHEN 'hours_open' THEN told(o.hours, o.records, eo.expected)
         WHEN 'days_open' THEN told(o.days, o.records, eo.expected)
         WHEN 'days_missing' THEN coalesce(eo.expected - eo.received, 'n.v.t.')
         WHEN 'visits' THEN told(v.visits, v.counted, ev.expected)
         WHEN 'average' THEN told(v.average, v.counted, ev.expected)
         WHEN 'new_visitors' THEN told(v.new_visitors, v.counted, ev.expected)
         WHEN 'counted' THEN told(v.counted, v.records, ev.expected)
         WHEN 'volunteers' THEN h.persons
         WHEN 'volunteers_double' THEN h.doubles
         WHEN 'volunteer_hours' THEN told(n.hours, n.hours IS NOT NULL, eh.expected)
         WHEN 'allowance' THEN h.allowance
         WHEN 'offered' THEN h.offered
         WHEN 'step_up' THEN h.step_up
         WHEN 'checked' THEN told(c.checked, c.records, er.expected)
       END AS value
  FROM listed l
  JOIN shown r ON r.level = 'place'
  LEFT JOIN week w ON w.key = r.key
  LEFT JOIN really o ON o.key = r.key
  LEFT JOIN tally v ON v.key = r.key
  LEFT JOIN reported c ON c.key = r.key
  LEFT JOIN worked n ON n.key = r.key
  LEFT JOIN helpers h ON h.key = r.key
  LEFT JOIN due eo ON (eo.level, eo.key, eo.form_id) = (r.level, r.key, 'opening')
  LEFT JOIN due ev ON (ev.level, ev.key, ev.form_id) = (r.level, r.key, 'visitors')
  LEFT JOIN due eh ON (eh.level, eh.key, eh.form_id) = (r.level, r.key, 'volunteer_hours')
  LEFT JOIN due er ON (er.level, er.key, er.form_id) = (r.level, r.key, 'month_report')
 WHERE :place IS NULL OR r.code = :place
 ORDER BY l.position, r.position
