-- Eén rij per plek: de deelnemers die er waren. Iedereen telt één keer, ook in een totaal.
-- In a pilot and distance to the labour market are of those seen in the period.
WITH useful AS (
  SELECT name FROM choices
   WHERE form_id = 'attendance' AND list_name = 'task' AND coalesce(liveability, 'y') <> 'n'
),
in_pilot AS (
  SELECT DISTINCT person FROM pilot_participations
   WHERE since <= :until AND coalesce(until, '9999') >= :from
),
distant AS (
  SELECT DISTINCT person FROM memberships WHERE labour_distance = 'yes'
),
tally AS (
  SELECT s.level, s.key,
         count(DISTINCT n.person) FILTER (WHERE n.date >= :from) AS period,
         count(DISTINCT d.person) FILTER (WHERE n.date >= :from) AS period_double,
         count(DISTINCT n.person) FILTER (WHERE n.date >= :year_from) AS year,
         count(DISTINCT d.person) FILTER (WHERE n.date >= :year_from) AS year_double,
         count(DISTINCT n.person) AS ever,
         count(DISTINCT d.person) AS ever_double,
         count(DISTINCT n.person) FILTER (WHERE n.date >= :from AND n.person IN in_pilot)
           AS in_pilot,
         count(DISTINCT n.person) FILTER (WHERE n.date >= :from AND n.person IN distant)
           AS distance,
         count(DISTINCT n.person) FILTER (WHERE n.date >= :year_from AND n.task IN useful)
           AS useful_year,
         sum(n.hours) FILTER (WHERE n.date >= :from) AS hours,
         total(n.hours) FILTER (WHERE n.date >= :from AND n.task IN useful) AS hours_useful
    FROM scope s JOIN seen n USING (place) LEFT JOIN doubtful d USING (person)
   WHERE n.role = 'participant' AND n.date <= :until
   GROUP BY s.level, s.key
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       told(t.period, t.period, e.expected) AS period,
       told(t.period_double, t.period, e.expected) AS period_double,
       told(t.year, t.year, e.expected) AS year,
       told(t.year_double, t.year, e.expected) AS year_double,
       told(t.ever, t.ever, e.expected) AS ever,
       told(t.ever_double, t.ever, e.expected) AS ever_double,
       told(t.in_pilot, t.period, e.expected) AS in_pilot,
       told(t.distance, t.period, e.expected) AS distance,
       told(t.useful_year, t.year, e.expected) AS useful_year,
       told(t.hours, t.period, e.expected) AS hours,
       told(t.hours_useful, t.period, e.expected) AS hours_useful
  FROM shown r
  LEFT JOIN tally t USING (level, key)
  LEFT JOIN due e ON (e.level, e.key, e.form_id) = (r.level, r.key, 'attendance')
 WHERE :place IS NULL OR r.code = :place
 ORDER BY r.position
