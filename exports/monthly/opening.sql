-- Eén rij per plek: de uren van het rooster, de nulmeting en hoe vaak de plek echt open was.
-- The schedule and the baseline are those in force on the last day of the period.
WITH week AS (
  SELECT p.name AS place, p.kind, weekly_hours(g.spec) AS hours, open_days(g.spec) AS days,
         evening_hours(g.spec) AS evening, weekend_hours(g.spec) AS weekend,
         weekly_hours(b.spec) AS baseline
    FROM places p
    LEFT JOIN regular g ON g.place = p.name
     AND :until BETWEEN g.valid_from AND coalesce(g.valid_until, '9999')
    LEFT JOIN baselines b ON b.place = p.name
     AND :until BETWEEN b.valid_from AND coalesce(b.valid_until, '9999')
   WHERE p.name IN (SELECT code FROM shown)
),
regularly AS (
  SELECT s.level, s.key, sum(hours) AS hours, sum(days) AS days, sum(evening) AS evening,
         sum(weekend) AS weekend, sum(baseline) AS baseline,
         sum(hours - baseline) AS difference, max(kind = 'meeting_place') AS has_baseline
    FROM scope s JOIN week USING (place)
   GROUP BY s.level, s.key
),
really AS (
  SELECT s.level, s.key, count(*) AS records, sum(hours) AS hours, sum(open) AS days
    FROM scope s JOIN open_hours USING (place)
   WHERE date BETWEEN :from AND :until
   GROUP BY s.level, s.key
),
shut AS (  -- one row per day that a place was closed: as reported, else by a closure or holiday
  SELECT place, date, 'opening' AS form_id, closed_reason AS reason
    FROM opening
   WHERE open = 'no' AND date BETWEEN :from AND :until
   UNION ALL
  SELECT d.place, d.date, CASE d.reason WHEN 'closure' THEN 'closure' ELSE 'opening' END,
         coalesce(d.why, d.reason)
    FROM days d
   WHERE d.date BETWEEN :from AND :until AND d.reason IN ('closure', 'holiday')
     AND NOT EXISTS (SELECT 1 FROM opening o WHERE o.place = d.place AND o.date = d.date)
),
reasons AS (
  SELECT s.level, s.key, coalesce(c.label, 'Reden niet ingevuld') AS reason, count(*) AS days
    FROM scope s JOIN shut USING (place)
    LEFT JOIN choices c
      ON (c.form_id, c.list_name, c.name) = (shut.form_id, 'closed_reason', shut.reason)
   GROUP BY s.level, s.key, c.label
),
closed AS (
  SELECT level, key, sum(days) AS days, group_concat(days || ' × ' || reason, ', ') AS reasons
    FROM (SELECT * FROM reasons ORDER BY days DESC, reason)
   GROUP BY level, key
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       g.hours,
       CASE WHEN g.baseline IS NOT NULL THEN g.baseline
            WHEN g.has_baseline THEN 'geen nulmeting' ELSE 'n.v.t.' END AS baseline,
       CASE WHEN g.baseline IS NOT NULL THEN g.difference
            WHEN g.has_baseline THEN 'geen nulmeting' ELSE 'n.v.t.' END AS difference,
       CASE WHEN r.level = 'place' THEN g.days ELSE 'n.v.t.' END AS days_week,
       g.evening, g.weekend,
       told(o.hours, o.records, e.expected) AS hours_open,
       told(o.days, o.records, e.expected) AS days_open,
       told(coalesce(c.days, 0), coalesce(o.records, c.days), e.expected) AS days_closed,
       coalesce(c.reasons, '') AS reasons,
       coalesce(e.expected - e.received, 'n.v.t.') AS days_missing
  FROM shown r
  LEFT JOIN regularly g USING (level, key)
  LEFT JOIN really o USING (level, key)
  LEFT JOIN closed c USING (level, key)
  LEFT JOIN due e ON (e.level, e.key, e.form_id) = (r.level, r.key, 'opening')
 WHERE :place IS NULL OR r.code = :place
 ORDER BY r.position
