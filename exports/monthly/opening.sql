-- Eén rij per plek: de uren van het rooster, de nulmeting en hoe vaak de plek echt open was.
-- The schedule and the baseline are those in force on the last day of the period. A day reported
-- as open without times counts for its regular hours.
WITH active AS (
  SELECT p.name, p.label, p.kind, p.wijk, coalesce(k.label, p.kind) AS kind_label,
         coalesce(w.label, p.wijk) AS wijk_label, k.position AS kind_order, w.position AS wijk_order
    FROM places p
    LEFT JOIN choices k ON k.form_id = 'place' AND k.list_name = 'kind' AND k.name = p.kind
    LEFT JOIN choices w ON w.form_id = 'place' AND w.list_name = 'wijk' AND w.name = p.wijk
   WHERE coalesce(p.active_from, '') <= :until
     AND coalesce(nullif(p.active_until, ''), '9999') >= :from
     AND (:place IS NULL OR p.name = :place)
),
shown AS (  -- the rows of this sheet: every place, every wijk, all of them
  SELECT 'place' AS level, name AS key, name AS code, label, kind_label AS kind,
         wijk_label AS wijk, wijk AS part_of, kind_order AS first, name AS then_by
    FROM active
   UNION ALL
  SELECT DISTINCT 'wijk', wijk, '', wijk_label || ' totaal', '', wijk_label, wijk, wijk_order, ''
    FROM active WHERE :place IS NULL
   UNION ALL
  SELECT DISTINCT 'total', '', '', 'Zuidwest totaal', '', '', '', 0, ''
    FROM active WHERE :place IS NULL
),
scope AS (  -- which places each row covers; a place that has stopped still counts in totals
  SELECT level, key, key AS place FROM shown WHERE level = 'place'
   UNION ALL
  SELECT s.level, s.key, p.name FROM shown s JOIN places p ON s.level = 'wijk' AND p.wijk = s.key
   UNION ALL
  SELECT s.level, s.key, p.name FROM shown s JOIN places p ON s.level = 'total'
),
came AS (
  SELECT s.level, s.key, count(*) AS expected, sum(e.received) AS received
    FROM scope s JOIN expected e USING (place)
   WHERE e.form_id = 'opening' AND e.date BETWEEN :from AND :until
   GROUP BY s.level, s.key
),
week AS (
  SELECT p.name AS place, p.kind, weekly_hours(g.spec) AS hours, open_days(g.spec) AS days,
         evening_hours(g.spec) AS evening, weekend_hours(g.spec) AS weekend,
         weekly_hours(b.spec) AS baseline
    FROM places p
    LEFT JOIN regular g ON g.place = p.name
     AND :until BETWEEN g.valid_from AND coalesce(g.valid_until, '9999')
    LEFT JOIN baselines b ON b.place = p.name
     AND :until BETWEEN b.valid_from AND coalesce(b.valid_until, '9999')
   WHERE p.name IN (SELECT name FROM active)
),
regularly AS (
  SELECT s.level, s.key, sum(hours) AS hours, sum(days) AS days, sum(evening) AS evening,
         sum(weekend) AS weekend, sum(baseline) AS baseline,
         sum(hours - baseline) AS difference, max(kind = 'meeting_place') AS has_baseline
    FROM scope s JOIN week USING (place)
   GROUP BY s.level, s.key
),
really AS (
  SELECT s.level, s.key, count(*) AS records,
         sum(CASE WHEN open <> 'yes' THEN 0
                  WHEN open_from IS NULL
                  THEN coalesce(block_hours(regular_from, regular_until), 0)
                     + coalesce(block_hours(regular_from_2, regular_until_2), 0)
                  ELSE coalesce(block_hours(open_from, open_until), 0)
                     + coalesce(block_hours(open_from_2, open_until_2), 0)
             END) AS hours,
         sum(open = 'yes') AS days
    FROM scope s JOIN opening USING (place)
   WHERE date BETWEEN :from AND :until
   GROUP BY s.level, s.key
),
shut AS (  -- one row per day that a place was closed: as reported, else by a holiday
  SELECT place, date, 1 AS reported, closed_reason AS reason
    FROM opening
   WHERE open = 'no' AND date BETWEEN :from AND :until
   UNION ALL
  SELECT d.place, d.date, 0, d.reason
    FROM days d
   WHERE d.date BETWEEN :from AND :until AND d.reason = 'holiday'
     AND NOT EXISTS (SELECT 1 FROM opening o WHERE o.place = d.place AND o.date = d.date)
),
reasons AS (
  SELECT s.level, s.key, coalesce(c.label, 'Reden niet ingevuld') AS reason, count(*) AS days
    FROM scope s JOIN shut USING (place)
    LEFT JOIN choices c
      ON c.form_id = 'opening' AND c.list_name = 'closed_reason' AND c.name = shut.reason
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
       CASE WHEN o.records > 0 THEN o.hours WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END
         AS hours_open,
       CASE WHEN o.records > 0 THEN o.days WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END
         AS days_open,
       CASE WHEN o.records > 0 OR c.days > 0 THEN coalesce(c.days, 0)
            WHEN e.expected > 0 THEN NULL ELSE 'n.v.t.' END AS days_closed,
       coalesce(c.reasons, '') AS reasons,
       CASE WHEN e.expected > 0 THEN e.expected - e.received ELSE 'n.v.t.' END AS days_missing
  FROM shown r
  LEFT JOIN regularly g USING (level, key)
  LEFT JOIN really o USING (level, key)
  LEFT JOIN closed c USING (level, key)
  LEFT JOIN came e USING (level, key)
 ORDER BY r.first, r.then_by
