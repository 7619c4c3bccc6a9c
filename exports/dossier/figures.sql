-- Eén rij per onderwerp: wat deze plek deed, en wat de ontmoetingsplekken gemiddeld deden.
-- Rows of one figure hold every place, and where persons are counted every wijk and all together:
-- the engine protects them before it shows one place. The schedule and the baseline are those in
-- force on the last day. A step up: an allowance in the calendar year, and coaching offered then or
-- before.
WITH among AS (
  SELECT name AS place
    FROM places
   WHERE kind = 'meeting_place' AND coalesce(active_from, '') <= :from
     AND coalesce(nullif(active_until, ''), '9999') >= :until
),
listed(position, figure, about, label, format, persons) AS (
  VALUES
    (1, 'hours', 'Openingstijden', 'Uren per week volgens het rooster', 'decimal', 0),
    (2, 'baseline', 'Openingstijden', 'Uren per week bij de nulmeting', 'decimal', 0),
    (3, 'difference', 'Openingstijden', 'Verschil met de nulmeting', 'difference', 0),
    (4, 'days_week', 'Openingstijden', 'Dagen per week', 'integer', 0),
    (5, 'evening', 'Openingstijden', 'Uren per week in de avond (na 18 uur)', 'decimal', 0),
    (6, 'weekend', 'Openingstijden', 'Uren per week in het weekend', 'decimal', 0),
    (7, 'hours_open', 'Openingstijden', 'Uren echt open', 'decimal', 0),
    (8, 'days_open', 'Openingstijden', 'Dagen open', 'integer', 0),
    (9, 'days_missing', 'Openingstijden', 'Dagen niet ingevuld', 'integer', 0),
    (10, 'visits', 'Bezoeken', 'Bezoeken', 'integer', 0),
    (11, 'average', 'Bezoeken', 'Bezoeken per geteld dagdeel', 'decimal', 0),
    (12, 'new_visitors', 'Bezoeken', 'Voor het eerst', 'integer', 0),
    (13, 'counted', 'Bezoeken', 'Dagdelen geteld', 'integer', 0),
    (14, 'volunteers', 'Vrijwilligers', 'Vrijwilligers gezien', 'integer', 1),
    (15, 'volunteers_double', 'Vrijwilligers', 'waarvan mogelijk dubbel', 'integer', 1),
    (16, 'volunteer_hours', 'Vrijwilligers', 'Uren van vrijwilligers', 'decimal', 0),
    (17, 'allowance', 'Vrijwilligers', 'Kreeg een vergoeding', 'integer', 1),
    (18, 'offered', 'Vrijwilligers', 'Kreeg coaching aangeboden', 'integer', 1),
    (19, 'step_up', 'Vrijwilligers', 'Vergoeding en aanbod van coaching', 'integer', 1),
    (20, 'checked', 'Programma', 'Keer met bewoners besproken', 'integer', 0)
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
  SELECT place AS key, count(*) AS records, sum(open = 'yes') AS days,
         sum(CASE WHEN open <> 'yes' THEN 0
                  WHEN open_from IS NULL
                  THEN coalesce(block_hours(regular_from, regular_until), 0)
                     + coalesce(block_hours(regular_from_2, regular_until_2), 0)
                  ELSE coalesce(block_hours(open_from, open_until), 0)
                     + coalesce(block_hours(open_from_2, open_until_2), 0)
             END) AS hours
    FROM opening
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
helpers AS (
  SELECT s.level, s.key, count(DISTINCT n.person) AS persons, count(DISTINCT d.person) AS doubles,
         sum(n.hours) AS hours
    FROM scope s JOIN seen n USING (place) LEFT JOIN doubtful d USING (person)
   WHERE n.role = 'volunteer' AND n.date BETWEEN :from AND :until
   GROUP BY s.level, s.key
),
offers AS (
  SELECT DISTINCT person, place, date
    FROM steps
   WHERE step = 'coaching_offered' AND date <= :until
),
offered AS (
  SELECT s.level, s.key, count(DISTINCT o.person) AS persons
    FROM scope s JOIN offers o USING (place)
   WHERE o.date >= :from
     AND EXISTS (SELECT 1 FROM memberships m
                  WHERE (m.person, m.place, m.role) = (o.person, o.place, 'volunteer'))
   GROUP BY s.level, s.key
),
paid AS (
  SELECT s.level, s.key,
         count(DISTINCT a.person) FILTER (WHERE a.month >= :from) AS persons,
         count(DISTINCT a.person) FILTER (
           WHERE a.person IN (SELECT person FROM offers)) AS step_up
    FROM scope s JOIN allowances a USING (place)
   WHERE a.month BETWEEN :year_from AND :until
   GROUP BY s.level, s.key
),
told_of AS (  -- how many months were answered, so that nobody differs from not answered
  SELECT s.level, s.key, count(*) FILTER (WHERE v.month >= :from) AS period, count(*) AS year
    FROM scope s JOIN volunteer_month v USING (place)
   WHERE v.month BETWEEN :year_from AND :until
   GROUP BY s.level, s.key
),
reported AS (
  SELECT place AS key, count(*) AS records, count(DISTINCT programme_checked) AS checked
    FROM month_report
   WHERE month BETWEEN :from AND :until
   GROUP BY place
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place, l.figure AS _figure,
       l.persons AS _persons, l.format AS _format,
       r.level = 'place' AND r.code IN (SELECT place FROM among) AS _among,
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
         WHEN 'volunteers' THEN told(h.persons, h.persons, eh.expected)
         WHEN 'volunteers_double' THEN told(h.doubles, h.persons, eh.expected)
         WHEN 'volunteer_hours' THEN told(h.hours, h.persons, eh.expected)
         WHEN 'allowance' THEN told(coalesce(p.persons, 0), t.period, em.expected)
         WHEN 'offered' THEN coalesce(f.persons, 0)
         WHEN 'step_up' THEN told(coalesce(p.step_up, 0), t.year, em.expected)
         WHEN 'checked' THEN told(c.checked, c.records, er.expected)
       END AS value
  FROM listed l
  JOIN shown r ON r.level = 'place' OR l.persons
  LEFT JOIN week w ON (r.level, r.key) = ('place', w.key)
  LEFT JOIN really o ON (r.level, r.key) = ('place', o.key)
  LEFT JOIN tally v ON (r.level, r.key) = ('place', v.key)
  LEFT JOIN reported c ON (r.level, r.key) = ('place', c.key)
  LEFT JOIN helpers h ON (h.level, h.key) = (r.level, r.key)
  LEFT JOIN offered f ON (f.level, f.key) = (r.level, r.key)
  LEFT JOIN paid p ON (p.level, p.key) = (r.level, r.key)
  LEFT JOIN told_of t ON (t.level, t.key) = (r.level, r.key)
  LEFT JOIN due eo ON (eo.level, eo.key, eo.form_id) = (r.level, r.key, 'opening')
  LEFT JOIN due ev ON (ev.level, ev.key, ev.form_id) = (r.level, r.key, 'visitors')
  LEFT JOIN due eh ON (eh.level, eh.key, eh.form_id) = (r.level, r.key, 'volunteer_hours')
  LEFT JOIN due em ON (em.level, em.key, em.form_id) = (r.level, r.key, 'volunteer_month')
  LEFT JOIN due er ON (er.level, er.key, er.form_id) = (r.level, r.key, 'month_report')
 WHERE :place IS NULL OR r.code = :place
 ORDER BY l.position, r.position
