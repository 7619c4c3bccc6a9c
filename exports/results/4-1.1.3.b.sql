-- Voorstel voor blijvend geld is af
-- result: 4/1.1.3.b
-- pillar: A
-- unit: datum
-- kind: date
-- over: deal
-- good: fewer
-- questions: milestone.status milestone.as_of visitors.visitors visitors.new_visitors volunteer_hours.who volunteer_hours.hours
-- measure status: Hoe het ervoor staat (status, status)
-- measure visits: Bezoeken (bezoeken, count)
-- measure new_visitors: Bezoekers die er voor het eerst waren (bezoeken, count)
-- measure volunteers: Vrijwilligers die er waren (personen, persons)
-- measure volunteer_hours: Uren van vrijwilligers (uren, hours)
-- by: funding - 6 months
-- missing visits: zijn nog geen bezoekers geteld
-- The day since which its milestone stands as reached; n.v.t. as long as it does not. Beside it the
-- evidence of each meeting place, also of those that are not one of the 14. A daypart that was not
-- counted adds nothing and is no zero.
WITH visited AS (
  SELECT s.period, v.place, sum(v.visitors) AS visits, sum(v.new_visitors) AS new_visitors
    FROM (SELECT d.stretch, v.place, sum(v.visitors) AS visitors,
                 sum(v.new_visitors) AS new_visitors
            FROM visitors v CROSS JOIN dates d ON d.day = v.date
           WHERE v.date BETWEEN (SELECT min(since) FROM periods) AND (SELECT max(until) FROM periods)
           GROUP BY d.stretch, v.place) v
    JOIN stretches s USING (stretch)
   GROUP BY s.period, v.place
),
met AS MATERIALIZED (
  SELECT s.period, n.place, n.person, sum(n.hours) AS hours
    FROM presence n JOIN stretches s USING (stretch)
   WHERE n.role = 'volunteer'
   GROUP BY s.period, n.place, n.person
),
helped AS (
  SELECT l.period, l.level, l.key, count(DISTINCT m.person) AS persons,
         count(DISTINCT d.person) AS doubtful, sum(m.hours) AS hours
    FROM lines l JOIN met m USING (period, place) LEFT JOIN doubtful d USING (person)
   WHERE l.kind = 'meeting_place'
   GROUP BY l.period, l.level, l.key
),
tally AS (
  SELECT l.period, l.level, l.key, sum(v.visits) AS visits, sum(v.new_visitors) AS new_visitors,
         sum(e.expected) AS dayparts, sum(h.expected) AS days, sum(h.received) AS reported
    FROM lines l
    LEFT JOIN visited v USING (period, place)
    LEFT JOIN heard e ON (e.period, e.form_id, e.place) = (l.period, 'visitors', l.place)
    LEFT JOIN heard h ON (h.period, h.form_id, h.place) = (l.period, 'volunteer_hours', l.place)
   WHERE l.kind = 'meeting_place' OR l.place IS NULL
   GROUP BY l.period, l.level, l.key
),
told AS (
  SELECT t.*, h.persons, h.doubtful, h.hours, t.reported OR h.persons AS known,
         iif(t.dayparts, 'not_answered', 'not_expected') AS uncounted,
         iif(t.days, 'not_answered', 'not_expected') AS unreported
    FROM tally t LEFT JOIN helped h USING (period, level, key)
)
SELECT p.period, 'total' AS level, '' AS key, '' AS measure, s.reached_on AS value,
       NULL AS doubtful,
       CASE WHEN s.status IS NULL THEN 'not_answered'
            WHEN s.reached_on IS NULL THEN 'not_expected' END AS status
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/1.1.3.b')
 UNION ALL
SELECT p.period, 'total', '', 'status', s.status, NULL, iif(s.status IS NULL, 'not_answered', NULL)
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/1.1.3.b')
 UNION ALL
SELECT period, level, key, 'visits', visits, NULL, iif(visits IS NULL, uncounted, NULL) FROM told
 UNION ALL
SELECT period, level, key, 'new_visitors', new_visitors, NULL,
       iif(new_visitors IS NULL, uncounted, NULL)
  FROM told
 UNION ALL
SELECT period, level, key, 'volunteers', iif(known, coalesce(persons, 0), NULL),
       iif(known, coalesce(doubtful, 0), NULL), iif(known, NULL, unreported)
  FROM told
 UNION ALL
SELECT period, level, key, 'volunteer_hours', iif(known, coalesce(hours, 0), NULL), NULL,
       iif(known, NULL, unreported)
  FROM told
