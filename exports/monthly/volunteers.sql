-- Eén rij per plek: de vrijwilligers die er waren. Iedereen telt één keer, ook in een totaal.
-- Somebody is new in the period in which their first time as a volunteer in this row begins.
-- Going to another of our places is no leaving. An allowance counts in the month it is of.
WITH tally AS (
  SELECT s.level, s.key,
         count(DISTINCT n.person) FILTER (WHERE n.date >= :from) AS period,
         count(DISTINCT d.person) FILTER (WHERE n.date >= :from) AS period_double,
         count(DISTINCT n.person) FILTER (WHERE n.date >= :year_from) AS year,
         count(DISTINCT d.person) FILTER (WHERE n.date >= :year_from) AS year_double,
         count(DISTINCT n.person) AS ever,
         count(DISTINCT d.person) AS ever_double,
         sum(n.hours) FILTER (WHERE n.date >= :from) AS hours
    FROM scope s JOIN seen n USING (place) LEFT JOIN doubtful d USING (person)
   WHERE n.role = 'volunteer' AND n.date <= :until
   GROUP BY s.level, s.key
),
started AS (
  SELECT level, key, count(*) AS persons
    FROM (SELECT s.level, s.key, m.person, min(m.since) AS since
            FROM scope s JOIN memberships m USING (place)
           WHERE m.role = 'volunteer'
           GROUP BY s.level, s.key, m.person)
   WHERE since BETWEEN :from AND :until
   GROUP BY level, key
),
stopped AS (
  SELECT s.level, s.key, count(DISTINCT t.person) AS persons
    FROM scope s JOIN steps t USING (place)
   WHERE t.step = 'left' AND coalesce(t.left_reason, '') <> 'other_place'
     AND t.date BETWEEN :from AND :until
     AND EXISTS (SELECT 1 FROM memberships m
                  WHERE m.person = t.person AND m.place = t.place AND m.role = 'volunteer')
   GROUP BY s.level, s.key
),
paid AS (
  SELECT s.level, s.key,
         count(DISTINCT a.person) FILTER (WHERE a.month >= :from) AS period,
         count(DISTINCT d.person) FILTER (WHERE a.month >= :from) AS period_double,
         count(DISTINCT a.person) AS year,
         count(DISTINCT d.person) AS year_double
    FROM scope s JOIN allowances a USING (place) LEFT JOIN doubtful d USING (person)
   WHERE a.month BETWEEN :year_from AND :until
   GROUP BY s.level, s.key
),
told_of AS (  -- how many months were answered, so that nobody differs from not answered
  SELECT s.level, s.key, count(*) FILTER (WHERE v.month >= :from) AS period, count(*) AS year
    FROM scope s JOIN volunteer_month v USING (place)
   WHERE v.month BETWEEN :year_from AND :until
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
       coalesce(n.persons, 0) AS started,
       coalesce(l.persons, 0) AS stopped,
       told(t.hours, t.period, e.expected) AS hours,
       told(coalesce(p.period, 0), o.period, m.expected) AS allowance,
       told(coalesce(p.period_double, 0), o.period, m.expected) AS allowance_double,
       told(coalesce(p.year, 0), o.year, m.expected) AS allowance_year,
       told(coalesce(p.year_double, 0), o.year, m.expected) AS allowance_year_double
  FROM shown r
  LEFT JOIN tally t USING (level, key)
  LEFT JOIN started n USING (level, key)
  LEFT JOIN stopped l USING (level, key)
  LEFT JOIN paid p USING (level, key)
  LEFT JOIN told_of o USING (level, key)
  LEFT JOIN due e ON (e.level, e.key, e.form_id) = (r.level, r.key, 'volunteer_hours')
  LEFT JOIN due m ON (m.level, m.key, m.form_id) = (r.level, r.key, 'volunteer_month')
 WHERE :place IS NULL OR r.code = :place
 ORDER BY r.position
