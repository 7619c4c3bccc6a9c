-- Eén rij per onderwerp: wat er te doen was, wie er langskwam en waarheen bezoekers gingen.
-- Referrals count whole quarters that are over: one month of one place would say too much of few
-- people, also as the difference between two dossiers.
WITH among AS (
  SELECT name AS place
    FROM places
   WHERE kind = 'meeting_place' AND coalesce(active_from, '') <= :from
     AND coalesce(nullif(active_until, ''), '9999') >= :until
),
whole AS (  -- the last day of the last whole quarter, and whether the period holds one
  SELECT over AS until, date(over, '+1 day', '-3 months') >= :from AS some
    FROM (SELECT date(:until, '+1 day', 'start of month',
                      '-' || ((strftime('%m', :until, '+1 day') - 1) % 3) || ' months',
                      '-1 day') AS over)
),
listed AS (
  SELECT 1 AS part, position, name, 'Activiteiten (dagdelen)' AS about, label
    FROM choices
   WHERE (form_id, list_name) = ('visitors', 'activities')
   UNION ALL
  SELECT 2, position, name, 'Organisaties aanwezig (maanden)', label
    FROM choices
   WHERE (form_id, list_name) = ('month_report', 'partners_present')
   UNION ALL
  SELECT 3, position, substr(name, 5), 'Doorverwezen (keer)', label
    FROM questions
   WHERE form_id = 'visitors' AND type = 'integer' AND substr(name, 1, 4) = 'ref_'
),
done AS (
  SELECT 1 AS part, v.place, a.value AS name, count(*) AS times
    FROM visitors v, json_each(v.activities) a
   WHERE v.date BETWEEN :from AND :until
   GROUP BY v.place, a.value
   UNION ALL
  SELECT 2, m.place, a.value, count(*)
    FROM month_report m, json_each(m.partners_present) a
   WHERE m.month BETWEEN :from AND :until
   GROUP BY m.place, a.value
),
sums AS (
  SELECT v.place, count(coalesce(ref_police, ref_mental_health, ref_housing, ref_money,
                                ref_municipality, ref_work_school, ref_care,
                                ref_neighbours, ref_other)) AS answered,
         sum(ref_police) AS police,
         sum(ref_mental_health) AS mental_health,
         sum(ref_housing) AS housing,
         sum(ref_money) AS money,
         sum(ref_municipality) AS municipality,
         sum(ref_work_school) AS work_school,
         sum(ref_care) AS care,
         sum(ref_neighbours) AS neighbours,
         sum(ref_other) AS other
    FROM visitors v CROSS JOIN whole w ON v.date <= w.until
   WHERE w.some AND v.date BETWEEN :from AND :until
   GROUP BY v.place
),
sent AS (
  SELECT place, 'police' AS name, answered, police AS times FROM sums
   UNION ALL
  SELECT place, 'mental_health', answered, mental_health FROM sums
   UNION ALL
  SELECT place, 'housing', answered, housing FROM sums
   UNION ALL
  SELECT place, 'money', answered, money FROM sums
   UNION ALL
  SELECT place, 'municipality', answered, municipality FROM sums
   UNION ALL
  SELECT place, 'work_school', answered, work_school FROM sums
   UNION ALL
  SELECT place, 'care', answered, care FROM sums
   UNION ALL
  SELECT place, 'neighbours', answered, neighbours FROM sums
   UNION ALL
  SELECT place, 'other', answered, other FROM sums
),
answered AS (
  SELECT 1 AS part, place, count(activities) AS records
    FROM visitors WHERE date BETWEEN :from AND :until GROUP BY place
   UNION ALL
  SELECT 2, place, count(*)
    FROM month_report WHERE month BETWEEN :from AND :until GROUP BY place
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place, l.part || ' ' || l.name AS _figure,
       r.code IN (SELECT place FROM among) AS _among,
       l.about, l.label,
       CASE WHEN l.part < 3 THEN told(coalesce(d.times, 0), a.records, e.expected)
            WHEN NOT w.some THEN 'n.v.t.'
            ELSE told(coalesce(s.times, 0), s.answered, e.expected) END AS times
  FROM listed l
  JOIN shown r ON r.level = 'place'
  JOIN whole w
  LEFT JOIN done d ON (d.part, d.place, d.name) = (l.part, r.code, l.name)
  LEFT JOIN answered a ON (a.part, a.place) = (l.part, r.code)
  LEFT JOIN sent s ON l.part = 3 AND (s.place, s.name) = (r.code, l.name)
  LEFT JOIN due e
    ON (e.level, e.key, e.form_id)
     = (r.level, r.key, CASE l.part WHEN 2 THEN 'month_report' ELSE 'visitors' END)
 WHERE :place IS NULL OR r.code = :place
 ORDER BY l.part, l.position, r.position
